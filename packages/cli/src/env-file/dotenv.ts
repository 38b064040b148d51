import { parse } from "dotenv";
import { firstLine, NOT_AN_ASSIGNMENT, readBlank, type Statement } from "./statement.ts";

/** What dotenv accepts as the start of an assignment. */
const HEAD = /^\s*(?:export\s+)?[\w.-]+(?:\s*=|:\s)[^\S\n]*/;

/** What dotenv accepts as a quoted value: it may span lines, and only a comment may follow it. */
const QUOTED = /^(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)[^\S\n]*(?:#.*)?(?=\n|$)/;

/**
 * Reads as the npm package dotenv does, which itself decides what a value is. dotenv ignores what it
 * does not understand and would so return a part of a value; those statements break a rule here.
 *
 * @see https://github.com/motdotla/dotenv#rules
 */
export function takeDotenvStatement(text: string): Statement {
  const statement = dotenvExtent(text);
  const blank = readBlank(statement);
  if (blank !== undefined) return blank;
  const [entry, ...more] = Object.entries(parse(statement));
  if (entry === undefined || more.length > 0 || !HEAD.test(statement)) {
    return { kind: "unreadable", text: statement, rule: NOT_AN_ASSIGNMENT };
  }
  const [name, value] = entry;
  const raw = statement.replace(HEAD, "");
  const isBroken = /^['"`]/.test(raw) && !QUOTED.test(raw);
  const rules = isBroken ? ["must close its quotes, and only a comment may follow them"] : [];
  return { kind: "assignment", text: statement, name, value, rules };
}

/** The first line, or the lines that its quoted value spans for dotenv. */
export function dotenvExtent(text: string): string {
  const line = firstLine(text);
  const [head] = HEAD.exec(line) ?? [];
  if (head === undefined) return line;
  const [quoted] = QUOTED.exec(text.slice(head.length)) ?? [];
  return quoted === undefined ? line : head + quoted;
}
