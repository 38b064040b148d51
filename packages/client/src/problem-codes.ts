/** Every `code` of the Worker's problem documents. */
export const PROBLEM_CODES = [
  "unauthenticated",
  "stale_timestamp",
  "name_not_allowed",
  "not_found",
  "method_not_allowed",
  "malformed_body",
  "invalid_idempotency_key",
  "unsupported_media_type",
  "payload_too_large",
  "invalid_request",
  "idempotency_key_reused",
  "rate_limited",
  "rejected_by_elevenlabs",
  "upstream_key_refused",
  "upstream_rate_limited",
  "upstream_failed",
  "upstream_timeout",
  "outcome_unsettled",
  "outcome_unknown",
  "misconfigured",
] as const;

/** A `code` of the Worker's problem documents. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];
