/** The longest request body that the Worker reads, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024;

/** How long the Worker waits for a complete request body, in milliseconds. */
export const MAX_BODY_MS = 10_000;

/** How far a signature's timestamp may be from the Worker's clock, in seconds. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** The most signatures that one `webhook-signature` header may hold. */
export const MAX_SIGNATURES = 8;

/** The most signing secrets of all senders together: each one costs a MAC per signed request. */
export const MAX_SIGNING_SECRETS = 64;

/** The largest value of a Worker secret or variable on Cloudflare, in bytes. */
export const MAX_WORKER_SECRET_BYTES = 5 * 1024;

/** The largest value of a Secrets Store secret on Cloudflare, in bytes. */
export const MAX_STORE_SECRET_BYTES = 64 * 1024;

/** The longest OIDC token that the Worker parses, in bytes. */
export const MAX_ID_TOKEN_BYTES = 8 * 1024;

/** The most deliveries on one page of `GET /v1/deliveries`; also the default. */
export const MAX_PAGE_SIZE = 100;

/** The period of the Worker's rate limit per sender, in seconds. `wrangler.jsonc` has the same. */
export const RATE_LIMIT_PERIOD_SECONDS = 10;
