import { firstLine, NOT_AN_ASSIGNMENT, readBlank, type Statement } from "./statement.ts";

const ASSIGNMENT = /^\s*(?<name>[^\s=]+)=(?<value>.*)$/s;

/**
 * Reads as `docker run --env-file` does: one line, and everything after the first `=` as it is, with
 * quotes and spaces.
 *
 * @see https://github.com/docker/cli/blob/master/pkg/kvfile/kvfile.go
 */
export function takeDockerStatement(text: string): Statement {
  const line = firstLine(text);
  const blank = readBlank(line);
  if (blank !== undefined) return blank;
  const { name, value } = ASSIGNMENT.exec(line.replace(/\r$/, ""))?.groups ?? {};
  if (name === undefined || value === undefined) {
    return { kind: "unreadable", text: line, rule: NOT_AN_ASSIGNMENT };
  }
  return { kind: "assignment", text: line, name, value, rules: [] };
}
