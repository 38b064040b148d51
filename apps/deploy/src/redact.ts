import { printable } from "./printable.ts";

/** Shorter parts of a credential occur in other texts by chance. */
const PART_LENGTH = 8;

/** The last lines of a long output contain the reason. */
const MAX_LINES = 30;

const MAX_LINE_LENGTH = 500;

const OMITTED = "(a line that contains part of a secret is not shown)";

/**
 * What a program printed, safe to show: without escape sequences, and without each line that
 * contains 8 or more consecutive characters of a credential.
 */
export function redact(output: string, credentials: readonly string[]): string {
  const parts = new Set(credentials.flatMap(listParts));
  const isSafe = (line: string) =>
    !credentials.some((credential) => line.includes(credential)) &&
    !listParts(line).some((part) => parts.has(part));
  const lines = printable(output)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .map((line) => (isSafe(line) ? line.slice(0, MAX_LINE_LENGTH) : OMITTED));
  return lines.slice(-MAX_LINES).join("\n");
}

/** All substrings of {@link PART_LENGTH} characters. */
function listParts(text: string): string[] {
  const count = Math.max(0, text.length - PART_LENGTH + 1);
  return Array.from({ length: count }, (_, start) => text.slice(start, start + PART_LENGTH));
}
