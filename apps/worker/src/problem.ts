import type { FailedOutcome, Issue } from "@convai-secrets/core";

/** Every way a request can end other than well: its status and title (RFC 9457, section 3.1). */
const PROBLEMS = {
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

/** The members a problem has besides its code and detail, where they apply. */
export interface ProblemExtras {
  readonly issues?: readonly Issue[] | undefined;
  readonly outcome?: FailedOutcome | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly upstreamStatus?: number | undefined;
  readonly upstreamRequestId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A step's refusal, thrown to end the request. `detail` is fixed text: it names the field and the
 * rule and never quotes the caller, the upstream or a credential.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The answer: `application/problem+json` (RFC 9457). */
  toResponse(requestId: string): Response {
    const { status, title } = PROBLEMS[this.code];
    const { issues, outcome, retryable, retryAfterSeconds, upstreamRequestId } = this.extras;
    const headers = new Headers(this.extras.headers);
    headers.set("content-type", "application/problem+json");
    if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
    const body = {
      type: `urn:convai-secrets:problem:${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      request_id: requestId,
      errors: issues?.map(({ path, rule }) => ({ path, message: rule })),
      outcome,
      retryable,
      upstream_request_id: upstreamRequestId,
    };
    return new Response(JSON.stringify(body), { status, headers });
  }
}
