/** One statement of a .env file: its lines, and what they mean. */
export type Statement = {
  /** The text of the statement without the line break at its end. */
  readonly text: string;
} & (
  | { readonly kind: "blank" }
  | {
      readonly kind: "assignment";
      readonly name: string;
      readonly value: string;
      /** Why the value cannot be read for certain; never a piece of it. */
      readonly rules: readonly string[];
    }
  | { readonly kind: "unreadable"; readonly rule: string }
);

/** The rule for a line that assigns nothing. */
export const NOT_AN_ASSIGNMENT = "must be NAME=value";

const BLANK_OR_COMMENT = /^\s*(?:#.*)?$/;

/** Reads a blank line or a comment, which is the same for every reader. */
export function readBlank(line: string): Statement | undefined {
  return BLANK_OR_COMMENT.test(line) ? { kind: "blank", text: line } : undefined;
}

/** The text up to the first line break. */
export function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : text.slice(0, end);
}
