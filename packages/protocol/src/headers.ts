/** The headers of the Worker's API, in lower case as they appear on the wire. */
export const HEADERS = {
  /** Request: makes the policy stricter for this request. The only value is `reject`. */
  existing: "convai-secrets-existing",
  /** Request: `true` checks the delivery without writing anything. */
  dryRun: "convai-secrets-dry-run",
  /** Request: the delivery's id, if the request is not signed. */
  idempotencyKey: "idempotency-key",
  /** Response: one of {@link RESULTS}. */
  result: "convai-secrets-result",
  /** Response: `true` if the answer is a stored one. */
  replayed: "idempotent-replayed",
  /** Response: the id of this request, for the log. */
  requestId: "x-request-id",
  /** Response of `/healthz` on Cloudflare: the id of the Worker's version. */
  version: "convai-secrets-version",
  /** Request: the API key of the official SDKs; here a sender's token or OIDC token. */
  apiKey: "xi-api-key",
  /** Standard Webhooks 1.0. */
  webhookId: "webhook-id",
  webhookTimestamp: "webhook-timestamp",
  webhookSignature: "webhook-signature",
} as const;

/** The values of the response header `convai-secrets-result`. */
export const RESULTS = ["created", "updated", "replayed"] as const;

/** One of {@link RESULTS}. */
export type DeliveryResult = (typeof RESULTS)[number];
