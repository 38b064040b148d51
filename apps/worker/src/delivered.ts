import type { SecretsApiError, StoredSecret } from "@convai-secrets/core";

/** What upstream's refusal or failure was, as plain data. */
export type UpstreamFailure = Pick<
  SecretsApiError,
  "code" | "outcome" | "status" | "retryAfterMs" | "requestId" | "issues"
>;

/**
 * How a delivery ended:
 *
 * - `stored`: with upstream's answer, now or (`replayed`) by an earlier delivery of the same id
 * - `failed`: by this delivery's own upstream call; with `settlesInMs` if its outcome may still show
 * - `reused`: the id belongs to other content; nothing was sent
 * - `unsettled`: an earlier call may still be running
 * - `undecidable`: nobody can tell what became of an earlier call
 */
export type Delivered =
  | { readonly kind: "stored"; readonly secret: StoredSecret; readonly replayed: boolean }
  | {
      readonly kind: "failed";
      readonly failure: UpstreamFailure;
      readonly settlesInMs?: number | undefined;
    }
  | { readonly kind: "reused" }
  | { readonly kind: "unsettled"; readonly settlesInMs: number }
  | { readonly kind: "undecidable" };
