import type { BaseIssue } from "valibot";

/** One broken rule: where, and which. Holds nothing of the input but the names of its fields. */
export interface Issue {
  /** Field names and indexes joined by dots; empty for the document itself. */
  readonly path: string;
  /** What the field must be, to be read after its path: "must not be empty". */
  readonly rule: string;
}

/** Shorter than a generated credential, and without the digits that one nearly always has. */
const FIELD_NAME = /^[A-Za-z_][A-Za-z_-]{0,31}$/;

/**
 * Reduces valibot's issues, which hold the input they complain of, to paths and rules. A key that
 * does not look like a field's name (a secret pasted on the wrong side of a colon) is shown as `?`.
 *
 * @example
 * ```ts
 * const result = v.safeParse(CreateSecretRequestSchema, input);
 * if (!result.success) return describeIssues(result.issues); // [{ path: "name", rule: "is required" }]
 * ```
 */
export function describeIssues(issues: readonly BaseIssue<unknown>[]): Issue[] {
  return issues.map((issue) => ({
    path: (issue.path ?? []).map((item) => describeKey(item.key)).join("."),
    rule: describeRule(issue),
  }));
}

/** A schema's own message is fixed text; valibot's default ends in the input. */
function describeRule({ message, received }: BaseIssue<unknown>): string {
  return message.endsWith(`eceived ${received}`) ? "is not valid" : message;
}

function describeKey(key: unknown): string {
  if (typeof key === "number") return String(key);
  return typeof key === "string" && FIELD_NAME.test(key) ? key : "?";
}
