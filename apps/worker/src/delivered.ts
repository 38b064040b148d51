import type { SecretsApiError, StoredSecret } from "@convai-secrets/core";

/** What upstream's refusal or failure was, as plain data. */
export type UpstreamFailure = Pick<
  SecretsApiError,
  "code" | "outcome" | "status" | "retryAfterMs" | "requestId" | "issues"
>;

/** How a delivery ended. */
export type Delivered =
  | { readonly kind: "stored"; readonly secret: StoredSecret; readonly replayed: boolean }
  | { readonly kind: "failed"; readonly failure: UpstreamFailure };
