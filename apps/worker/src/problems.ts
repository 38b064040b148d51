/** Every way a request can end other than well: its status and title (RFC 9457, section 3.1). */
export const PROBLEMS = {
  unauthenticated: { status: 401, title: "Not authenticated" },
  stale_timestamp: { status: 401, title: "Timestamp outside the tolerance" },
  name_not_allowed: { status: 403, title: "Name not allowed" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  malformed_body: { status: 400, title: "Malformed body" },
  invalid_idempotency_key: { status: 400, title: "Malformed delivery id" },
  unsupported_media_type: { status: 415, title: "Unsupported media type" },
  payload_too_large: { status: 413, title: "Body too large" },
  invalid_request: { status: 422, title: "Invalid request" },
  idempotency_key_reused: { status: 422, title: "Delivery id used with other content" },
  rate_limited: { status: 429, title: "Too many requests" },
  rejected_by_elevenlabs: { status: 422, title: "Refused by ElevenLabs" },
  upstream_key_refused: { status: 502, title: "ElevenLabs refused the API key" },
  upstream_rate_limited: { status: 429, title: "ElevenLabs asks to slow down" },
  upstream_failed: { status: 502, title: "ElevenLabs failed" },
  upstream_timeout: { status: 504, title: "ElevenLabs did not answer in time" },
  outcome_unsettled: { status: 503, title: "Outcome not settled yet" },
  outcome_unknown: { status: 409, title: "Outcome unknown" },
  misconfigured: { status: 503, title: "Configuration is broken" },
} as const;

/** The stable name of a problem, in the body's `code` and at the end of its `type`. */
export type ProblemCode = keyof typeof PROBLEMS;

/** What a problem's `type` starts with. */
export const PROBLEM_TYPE_PREFIX = "urn:convai-secrets:problem:";
