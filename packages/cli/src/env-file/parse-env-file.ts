import type { Issue } from "@convai-secrets/core/internal";
import type { Found, FoundSecret } from "../formats/found-secret.ts";
import { showPlace } from "../formats/show-name.ts";
import { type Dialect, readerOf } from "./dialects.ts";
import type { Statement } from "./statement.ts";
import { isWrappedBase64 } from "./wrapped-base64.ts";

const CONTINUES = "is followed by a line that is no assignment: the value may continue there";

/**
 * Reads a .env file.
 *
 * A line that is no assignment may be a piece of the value before it, so it is called by its number,
 * and the assignment before it breaks a rule too.
 *
 * @param dialect the program that the file is for; without one, every line must mean the same to all
 */
export function parseEnvFile(text: string, dialect: Dialect | undefined): Found {
  const take = readerOf(dialect);
  const secrets: FoundSecret[] = [];
  const issues: Issue[] = [];
  let rest = dialect === "dotenv" ? text.replace(/\r\n?/g, "\n") : text;
  let previous: Statement | undefined;
  for (let line = 1; rest !== ""; ) {
    const statement = take(rest);
    const place = `line ${line}`;
    if (statement.kind === "unreadable" || isWrappedBase64(previous, statement)) {
      const rule = statement.kind === "unreadable" ? statement.rule : "looks like wrapped base64";
      issues.push({ path: place, rule });
      if (previous?.kind === "assignment") secrets.push(addRule(secrets.pop()));
      previous = { kind: "unreadable", text: statement.text, rule };
    } else {
      if (statement.kind === "assignment") {
        secrets.push(...findSecrets(statement, place, line));
      }
      previous = statement;
    }
    rest = rest.slice(statement.text.length + 1);
    line += statement.text.split("\n").length;
  }
  return { secrets, issues };
}

type Assignment = Extract<Statement, { kind: "assignment" }>;

/**
 * The secret of an assignment. If its value spans lines and cannot be read for certain, the names that
 * some readers find on those lines cannot be read either.
 */
function findSecrets({ text, name, value, rules }: Assignment, place: string, line: number) {
  const inner =
    rules.length === 0 ? [] : text.split("\n").slice(1).flatMap(findInnerName(place, line));
  return [...inner, { name, value, origin: showPlace(place, name), rules }];
}

function findInnerName(place: string, line: number) {
  return (text: string, index: number): FoundSecret[] => {
    const [, name] = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]/.exec(text) ?? [];
    if (name === undefined) return [];
    const rules = [`is inside the value that starts on ${place}, for some readers`];
    return [{ name, value: "", origin: `line ${line + index + 1}`, rules }];
  };
}

function addRule(secret: FoundSecret | undefined): FoundSecret {
  if (secret === undefined) throw new RangeError("There is no assignment before");
  return secret.rules.includes(CONTINUES)
    ? secret
    : { ...secret, rules: [...secret.rules, CONTINUES] };
}
