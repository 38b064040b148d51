import { dotenvExtent } from "./dotenv.ts";
import { shellExtent } from "./shell.ts";
import { firstLine, NOT_AN_ASSIGNMENT, readBlank, type Statement } from "./statement.ts";

/** What any reader accepts as the start of an assignment. */
const LOOSE_HEAD = /^\s*(?:export\s+)?(?<name>[^\s=:#'"]+)(?:\s*=|:\s)/;

const ASSIGNMENT = /^(?:export )?[A-Za-z_]\w*=(?<value>.*)$/s;

/** What breaks the agreement of the readers, and the rule for it. */
const DISAGREEMENTS: readonly (readonly [RegExp, string])[] = [
  [/["'`]/, "must not have quotes: Docker keeps them, dotenv and a shell remove them"],
  [/\\/, "must not have a backslash: a shell removes it"],
  [/\$(?!$)/, "must not have a dollar sign: a shell expands it"],
  [/#/, "must not have a #: dotenv ends the value there"],
  [/\r$/, "must not end with a carriage return: a shell keeps it"],
  [/[\s\p{Cc}]/u, "must not have white space: a shell ends the value there"],
  [/[;&|<>()]/, "must not have ; & | < > ( or ): a shell interprets them"],
  [/(?:^|[:=])~/, "must not have a ~ there: a shell expands it"],
];

/**
 * Reads only what dotenv, `docker run --env-file` and a POSIX shell read in the same way. Whatever
 * one of them reads differently breaks a rule.
 */
export function takeStrictStatement(text: string): Statement {
  const line = firstLine(text);
  const blank = readBlank(line);
  if (blank !== undefined) return blank;
  const name = LOOSE_HEAD.exec(line)?.groups?.["name"];
  if (name === undefined) return { kind: "unreadable", text: line, rule: NOT_AN_ASSIGNMENT };
  // Some readers find names inside a value that spans lines for others.
  const extents = [line, dotenvExtent(text), shellExtent(text)];
  const statement = extents.reduce((a, b) => (b.length > a.length ? b : a));
  const value = ASSIGNMENT.exec(statement)?.groups?.["value"];
  if (value === undefined) {
    const rule = "must be NAME=value without spaces, with a NAME of letters, digits and _";
    return { kind: "assignment", text: statement, name, value: "", rules: [rule] };
  }
  const rules = DISAGREEMENTS.filter(([pattern]) => pattern.test(value)).map(([, rule]) => rule);
  return { kind: "assignment", text: statement, name, value, rules: rules.slice(0, 1) };
}
