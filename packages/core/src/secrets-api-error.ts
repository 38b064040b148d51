import type { Issue } from "./issues.ts";

/**
 * Why a call failed:
 *
 * - `invalid_request`: the request broke a rule of its schema; nothing was sent
 * - `api_key_unavailable`: the function that gives the key failed, or gave no usable header value; nothing was sent
 * - `rejected`: the API refused the request (400, 404, 409, 422 and other 4xx)
 * - `api_key_invalid`, `permission_missing`: the API refused the key
 * - `rate_limited`: 429
 * - `failed`: 5xx, a redirect, an unreadable answer, a lost connection
 * - `timed_out`: no complete answer within `timeoutMs`
 * - `aborted`: the caller's `signal`
 */
export type SecretsApiErrorCode =
  | "invalid_request"
  | "api_key_unavailable"
  | "rejected"
  | "api_key_invalid"
  | "permission_missing"
  | "rate_limited"
  | "failed"
  | "timed_out"
  | "aborted";

/**
 * What is known of the secret after a failed call: surely not created, or nobody can tell. A
 * listing creates nothing, so after one it is always `not_created`.
 */
export type FailedOutcome = "not_created" | "unknown";

/** What a {@link SecretsApiError} tells besides its code. */
export interface SecretsApiErrorDetails {
  readonly outcome: FailedOutcome;
  /** The API's HTTP status, if it answered. */
  readonly status?: number | undefined;
  /** The wait the API asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The API's id of the request, for its support. */
  readonly requestId?: string | undefined;
  readonly issues?: readonly Issue[] | undefined;
}

const MESSAGES: Record<SecretsApiErrorCode, string> = {
  invalid_request: "The request breaks a rule of its schema; nothing was sent",
  api_key_unavailable: "No usable API key could be had; nothing was sent",
  rejected: "ElevenLabs refused the request",
  api_key_invalid: "ElevenLabs refused the API key",
  permission_missing: "The API key lacks the permission for this operation",
  rate_limited: "ElevenLabs asks to slow down",
  failed: "ElevenLabs gave no usable answer",
  timed_out: "ElevenLabs did not answer in time",
  aborted: "The call was aborted",
};

/**
 * The one error of this package. Its message is fixed per code, and it holds no request, header,
 * body, upstream text, foreign error or input: it is safe to log.
 */
export class SecretsApiError extends Error {
  override readonly name = "SecretsApiError";
  readonly code: SecretsApiErrorCode;
  readonly outcome: FailedOutcome;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly issues: readonly Issue[];

  constructor(code: SecretsApiErrorCode, details: SecretsApiErrorDetails) {
    super(MESSAGES[code]);
    this.code = code;
    this.outcome = details.outcome;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.issues = details.issues ?? [];
  }
}
