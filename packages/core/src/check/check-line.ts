import type { SecretsApiError } from "../secrets-api-error.ts";

/** How a call of the check ended: its error, or `undefined` if it succeeded. */
export type CheckedCall = SecretsApiError | undefined;

/** How one part of a check ended. `unclear`: the answer is inconclusive. */
export type CheckStatus = "ok" | "failed" | "unclear";

/** One line of a check, in words for a person. It contains no key, value or text of the upstream. */
export interface CheckLine {
  /** What was checked, for instance `Clock`. */
  readonly subject: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do. Present if the status is not `ok`. */
  readonly advice?: string;
}
