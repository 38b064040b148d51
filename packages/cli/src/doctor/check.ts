/** What a check found. */
export type CheckStatus = "ok" | "warning" | "failed" | "skipped";

/** One line of the doctor's report. */
export interface Check {
  readonly check: "configuration" | "connection" | "worker" | "clock" | "credential" | "names";
  readonly status: CheckStatus;
  /** What was found, for programs: `ok`, or the code of the problem. */
  readonly code: string;
  /** What was found, for people. */
  readonly message: string;
  /** What to do about it. */
  readonly action?: string | undefined;
}

/** A check that is not made, because an earlier one failed. */
export function skip(check: Check["check"]): Check {
  return { check, status: "skipped", code: "skipped", message: "Not checked" };
}
