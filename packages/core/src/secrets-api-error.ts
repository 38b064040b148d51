import type { Issue } from "./issues.ts";
import type { Outcome } from "./outcome.ts";

/** The error codes, each with its fixed message. */
const MESSAGES = {
  /** The request breaks a rule of its schema. Nothing was sent. */
  invalid_request: "The request breaks a rule of its schema. Nothing was sent",
  /** The function for the API key failed, or returned no usable header value. Nothing was sent. */
  api_key_unavailable: "No usable API key. Nothing was sent",
  /** The API rejected the request (400, 409, 422 and other 4xx in its own error shape). */
  rejected: "ElevenLabs rejected the request",
  /** The API has no secret with the id in the path (404 of an update, in its own error shape). */
  not_found: "ElevenLabs has no secret with this id",
  /** The API key is wrong or lacks a permission; `upstreamCode` tells which. */
  api_key_refused: "ElevenLabs rejected the API key",
  /** Another 401 or 403, or a 402: for instance a used-up quota or unusual activity. */
  refused: "ElevenLabs rejected the account",
  /** 429. */
  rate_limited: "ElevenLabs limits the rate of requests",
  /**
   * 5xx, 404 of a create or a listing, 405, 408, 425, a redirect, a 4xx in another shape, an
   * unreadable success, a lost connection.
   */
  failed: "ElevenLabs sent no usable response",
  /** Connection refused, host name not resolved, or certificate not trusted. Nothing was sent. */
  unreachable: "ElevenLabs cannot be reached. Nothing was sent",
  /** No complete response within `timeoutMs`. */
  timed_out: "ElevenLabs did not respond in time",
  /** The caller's `signal` was aborted. */
  aborted: "The call was aborted",
} as const;

/** Why a call failed. The README lists what each code means. */
export type SecretsApiErrorCode = keyof typeof MESSAGES;

/** What a {@link SecretsApiError} tells besides its code. */
export interface SecretsApiErrorDetails {
  readonly outcome: Outcome;
  /** The API's HTTP status, if it responded. */
  readonly status?: number | undefined;
  /** The wait that the API asks for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The API's id of the request, for its support. */
  readonly requestId?: string | undefined;
  /** The API's machine-readable reason; matches `^[a-z_]{1,64}$`. */
  readonly upstreamCode?: string | undefined;
  /** The broken rules, of our schema or of the API's; at most 20. */
  readonly issues?: readonly Issue[] | undefined;
  /**
   * Whether a 500 came in the API's own error shape, so that the API has finished handling the
   * request. Default `false`.
   */
  readonly handlerEnded?: boolean | undefined;
}

/**
 * The only error class of this package. Its message is fixed per code. It contains no request,
 * header, body, upstream text or `cause`, so it is safe to log.
 */
export class SecretsApiError extends Error {
  override readonly name = "SecretsApiError";
  readonly code: SecretsApiErrorCode;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly upstreamCode: string | undefined;
  readonly issues: readonly Issue[];
  readonly handlerEnded: boolean;

  constructor(code: SecretsApiErrorCode, details: SecretsApiErrorDetails) {
    super(MESSAGES[code]);
    this.code = code;
    this.outcome = details.outcome;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.upstreamCode = details.upstreamCode;
    this.issues = details.issues ?? [];
    this.handlerEnded = details.handlerEnded ?? false;
  }
}
