import type { BaseIssue } from "valibot";

/** One broken rule: where, and which. It contains nothing of the input except field names. */
export interface Issue {
  /** Field names and indexes joined by dots; empty for the document itself. */
  readonly path: string;
  /** What the field must be, to be read after its path: "must not be empty". */
  readonly rule: string;
}

/** The most issues that are reported of one input. */
export const MAX_ISSUES = 20;

/** Shorter than a generated credential, and without digits, which most credentials have. */
const FIELD_NAME = /^[A-Za-z_][A-Za-z_-]{0,31}$/;

/**
 * Reduces valibot's issues, which contain the rejected input, to paths and rules, at most 20. A JSON
 * key that does not look like a field name (for instance a pasted secret) is shown as `?`.
 *
 * @example
 * ```ts
 * const result = v.safeParse(CreateSecretRequestSchema, input);
 * if (!result.success) return describeIssues(result.issues); // [{ path: "name", rule: "is required" }]
 * ```
 */
export function describeIssues(issues: readonly BaseIssue<unknown>[]): Issue[] {
  return issues.slice(0, MAX_ISSUES).map((issue) => ({
    path: (issue.path ?? []).map((item) => describeFieldName(item.key)).join("."),
    rule: describeRule(issue),
  }));
}

/** A schema's own message is fixed text. valibot's default message ends with the input. */
function describeRule({ message, received }: BaseIssue<unknown>): string {
  return message.endsWith(`eceived ${received}`) ? "is not valid" : message;
}

/** A JSON key as it may be shown: `?` if it does not look like a field name. */
export function describeFieldName(key: unknown): string {
  if (typeof key === "number") return String(key);
  return typeof key === "string" && FIELD_NAME.test(key) ? key : "?";
}
