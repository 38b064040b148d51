import type { Issue } from "@convai-secrets/core";
import { parse } from "dotenv";
import type { Found, FoundSecret } from "./found-secret.ts";

/** What dotenv takes for the start of an assignment. */
const HEAD = /^\s*(?:export\s+)?[\w.-]+(?:\s*=|:\s)[^\S\n]*/;

/** What dotenv takes for a quoted value: it may span lines, and only a comment may follow it. */
const QUOTED = /^(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)[^\S\n]*(?:#.*)?(?=\n|$)/;

const BLANK_OR_COMMENT = /^\s*(?:#.*)?$/;

/** A piece of a value on a line of its own could pass for a name, but hardly for such a one. */
const CONVENTIONAL_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * Reads a .env file. dotenv says what a value is, since it reads the same on every Node, where
 * `util.parseEnv` does not. What dotenv does not understand it passes over, and so would store half
 * a value without a word; those lines are issues here. Such a line may be a piece of a value: it is
 * called by its number.
 */
export function parseEnvFile(text: string): Found {
  const secrets: FoundSecret[] = [];
  const issues: Issue[] = [];
  let rest = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  for (let line = 1; rest !== ""; ) {
    const statement = takeStatement(rest);
    if (!BLANK_OR_COMMENT.test(statement)) {
      const { name, value, rule } = readStatement(statement);
      const path = `line ${line}`;
      if (rule !== undefined) issues.push({ path, rule });
      else secrets.push({ name, value, origin: describeOrigin(path, name) });
    }
    rest = rest.slice(statement.length + 1);
    line += statement.split("\n").length;
  }
  return { secrets, issues };
}

/** The next line, or the lines that its quoted value spans, without the line break at their end. */
function takeStatement(text: string): string {
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  const [head] = HEAD.exec(line) ?? [];
  if (head === undefined) return line;
  const [quoted] = QUOTED.exec(text.slice(head.length)) ?? [];
  return quoted === undefined ? line : head + quoted;
}

type Statement =
  | { readonly name: string; readonly value: string; readonly rule?: undefined }
  | { readonly name?: undefined; readonly value?: undefined; readonly rule: string };

function readStatement(statement: string): Statement {
  const [entry, ...more] = Object.entries(parse(statement));
  if (entry === undefined || more.length > 0 || !HEAD.test(statement)) {
    return { rule: "must be NAME=value, with quotes around a value of several lines" };
  }
  const [name, value] = entry;
  const raw = statement.replace(HEAD, "");
  if (/^['"`]/.test(raw)) {
    return QUOTED.test(raw)
      ? { name, value }
      : { rule: "must close its quotes, with nothing but a comment after them" };
  }
  // dotenv cuts the value off there. After white space it is a comment for everybody.
  return /^(?:[^#]*[^#\s])?#/.test(raw)
    ? { rule: "must have its value in quotes, since it holds a #" }
    : { name, value };
}

function describeOrigin(line: string, name: string): string {
  return CONVENTIONAL_NAME.test(name) ? `${line} (${name})` : line;
}
