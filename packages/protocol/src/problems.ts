import type { Outcome } from "@convai-secrets/core";

/** What a problem code implies, whatever the request. */
export interface ProblemProperties {
  /** HTTP status. */
  readonly status: number;
  /** Short text for people (RFC 9457, section 3.1.3). */
  readonly title: string;
  readonly outcome: Outcome;
  /** Whether the same request, sent again as the same delivery, can succeed without a change. */
  readonly retryable: boolean;
}

const problem = (
  status: number,
  title: string,
  outcome: Outcome,
  retryable: boolean,
): ProblemProperties => ({ status, title, outcome, retryable });

/**
 * Every error of the Worker by its code. A new code is one line here; what raises it adds the
 * `detail`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  // The request
  unauthenticated: problem(401, "Not authenticated", "not_applied", false),
  stale_timestamp: problem(401, "Timestamp outside the tolerance", "not_applied", true),
  issuer_unavailable: problem(503, "Issuer's keys unavailable", "not_applied", true),
  rate_limited: problem(429, "Too many requests", "not_applied", true),
  name_not_allowed: problem(403, "Name not allowed", "not_applied", false),
  not_found: problem(404, "Not found", "not_applied", false),
  method_not_allowed: problem(405, "Method not allowed", "not_applied", false),
  request_timeout: problem(408, "Request body not received in time", "not_applied", true),
  malformed_body: problem(400, "Malformed body", "not_applied", false),
  invalid_idempotency_key: problem(400, "Invalid delivery id", "not_applied", false),
  unsupported_media_type: problem(415, "Unsupported media type", "not_applied", false),
  payload_too_large: problem(413, "Body too large", "not_applied", false),
  invalid_request: problem(422, "Invalid request", "not_applied", false),

  // The delivery
  idempotency_key_reused: problem(422, "Delivery id reused", "not_applied", false),
  name_taken: problem(409, "Name exists", "not_applied", false),
  name_not_managed: problem(409, "Secret not managed by this Worker", "not_applied", false),
  name_ambiguous: problem(409, "Several secrets have this name", "not_applied", false),
  superseded: problem(409, "Superseded by a newer delivery", "not_applied", false),
  secret_not_found: problem(404, "Secret not found", "not_applied", false),
  outcome_unsettled: problem(503, "Outcome not settled yet", "unknown", true),
  outcome_unknown: problem(409, "Outcome unknown", "unknown", false),
  sender_paused: problem(503, "Sender paused", "not_applied", true),

  // ElevenLabs
  rejected_by_elevenlabs: problem(422, "Rejected by ElevenLabs", "not_applied", false),
  upstream_key_refused: problem(502, "API key rejected by ElevenLabs", "not_applied", false),
  upstream_refused: problem(502, "Account rejected by ElevenLabs", "not_applied", false),
  upstream_rate_limited: problem(429, "Rate limited by ElevenLabs", "not_applied", true),
  upstream_unreachable: problem(502, "ElevenLabs could not be reached", "not_applied", true),
  upstream_failed: problem(502, "ElevenLabs failed", "unknown", true),
  upstream_timeout: problem(504, "ElevenLabs did not answer in time", "unknown", true),

  // The Worker
  misconfigured: problem(503, "Invalid configuration", "not_applied", true),
  internal_error: problem(500, "Internal error", "unknown", true),
} as const satisfies Readonly<Record<string, ProblemProperties>>;

/** The stable name of a problem: the member `code` of its document. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Every {@link ProblemCode}. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/**
 * The `type` of a problem document: a `tag:` URI (RFC 4151), which identifies the code and is not
 * meant to be opened.
 */
export function problemType(code: ProblemCode): string {
  return `tag:convai-secrets,2026:problem:${code}`;
}
