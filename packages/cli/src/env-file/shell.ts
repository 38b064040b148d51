import { scanShellWord } from "./shell-word.ts";
import { firstLine, NOT_AN_ASSIGNMENT, readBlank, type Statement } from "./statement.ts";

const HEAD = /^\s*(?:export[ \t]+)?(?<name>[A-Za-z_]\w*)=/;

/**
 * Reads an assignment as a POSIX shell does. Whatever needs a running shell, such as `$NAME`, breaks
 * a rule.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
 */
export function takeShellStatement(text: string): Statement {
  const line = firstLine(text);
  const blank = readBlank(line);
  if (blank !== undefined) return blank;
  const head = HEAD.exec(line);
  const name = head?.groups?.["name"];
  if (head === null || name === undefined) {
    return { kind: "unreadable", text: line, rule: NOT_AN_ASSIGNMENT };
  }
  const { end, value, rules } = scanShellWord(text, head[0].length);
  return { kind: "assignment", text: text.slice(0, end), name, value, rules };
}

/** The first line, or the lines that its value spans for a shell. */
export function shellExtent(text: string): string {
  return takeShellStatement(text).text;
}
