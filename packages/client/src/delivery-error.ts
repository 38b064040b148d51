import type { FailedOutcome } from "@convai-secrets/core";
import type { ProblemCode } from "./problem-codes.ts";

/**
 * Why a call failed: a code of the Worker's problem documents, or of what stood between:
 *
 * - `connection_lost`: no connection, or it broke off before the answer was complete
 * - `timed_out`: no complete answer within `timeoutMs`
 * - `aborted`: the caller's `signal`
 * - `redirected`: the address answers with a redirect, which is not followed
 * - `unreadable_answer`: something answered, but not as the Worker does
 *
 * `invalid_request`, `invalid_idempotency_key` and `payload_too_large` without a `status` were found
 * before anything was sent.
 */
export type DeliveryErrorCode =
  | ProblemCode
  | "connection_lost"
  | "timed_out"
  | "aborted"
  | "redirected"
  | "unreadable_answer";

/** One broken rule: where, and which. */
export interface DeliveryIssue {
  /** The field; empty for the document itself, `?` if it is none that this package sends. */
  readonly path: string;
  /** To be read after the path: "must not be empty". */
  readonly message: string;
}

/** What a {@link DeliveryError} tells besides its code. */
export interface DeliveryErrorDetails {
  /** Whether the secret surely was not created, or nobody can tell from here. */
  readonly outcome: FailedOutcome;
  /** The HTTP status of the last answer, if there was one. */
  readonly status?: number | undefined;
  /** Whether the same call, made later, has a chance. */
  readonly retryable: boolean;
  /** The Worker's id of the last request, which its log has too. */
  readonly requestId?: string | undefined;
  readonly issues?: readonly DeliveryIssue[] | undefined;
  /** The wait the Worker asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** How many requests were sent. */
  readonly attempts: number;
  /** The delivery's id, if the sender gave one. */
  readonly id?: string | undefined;
}

const MESSAGES: Record<DeliveryErrorCode, string> = {
  unauthenticated: "The Worker does not accept this credential",
  stale_timestamp: "The clock of this machine is more than 5 minutes off",
  name_not_allowed: "This sender may not store a secret of this name",
  not_found: "There is no such path at this address; is it the Worker's?",
  method_not_allowed: "The address does not take this method; is it the Worker's?",
  malformed_body: "The Worker could not read the request",
  invalid_idempotency_key: "The delivery's id breaks a rule",
  unsupported_media_type: "The Worker does not take this content type",
  payload_too_large: "The request is larger than 64 KiB",
  invalid_request: "The request breaks a rule",
  idempotency_key_reused: "This id was used with another name or value",
  rate_limited: "The Worker asks this sender to slow down",
  rejected_by_elevenlabs: "ElevenLabs refused the secret; it was not stored",
  upstream_key_refused: "ElevenLabs refused the Worker's API key",
  upstream_rate_limited: "ElevenLabs asks to slow down",
  upstream_failed: "ElevenLabs gave the Worker no usable answer",
  upstream_timeout: "ElevenLabs did not answer the Worker in time",
  outcome_unsettled: "An earlier call of this delivery may still be running",
  outcome_unknown:
    "Nobody can tell whether the secret was stored; look into the workspace, then use a new id",
  misconfigured: "The Worker's configuration is broken",
  connection_lost: "The connection to the Worker failed or was lost",
  timed_out: "The Worker did not answer in time",
  aborted: "The call was aborted",
  redirected: "The address answers with a redirect, which is not followed",
  unreadable_answer: "The answer is not one of the Worker's; is the address right?",
};

/**
 * The one error of this package, besides the `TypeError` of an option that breaks a rule.
 *
 * It holds no request, header, body, text of the server, foreign error, `cause`, value or
 * credential: it is safe to log.
 *
 * @example
 * ```ts
 * if (error instanceof DeliveryError && error.outcome === "unknown") {
 *   // The secret may be stored: call again with the same content, it is the same delivery.
 * }
 * ```
 */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly code: DeliveryErrorCode;
  readonly outcome: FailedOutcome;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly requestId: string | undefined;
  readonly issues: readonly DeliveryIssue[];
  readonly retryAfterMs: number | undefined;
  readonly attempts: number;
  readonly id: string | undefined;

  constructor(code: DeliveryErrorCode, details: DeliveryErrorDetails) {
    super(describe(code, details.issues));
    this.code = code;
    this.outcome = details.outcome;
    this.status = details.status;
    this.retryable = details.retryable;
    this.requestId = details.requestId;
    this.issues = details.issues ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.attempts = details.attempts;
    this.id = details.id;
  }
}

function describe(code: DeliveryErrorCode, issues: readonly DeliveryIssue[] = []): string {
  if (issues.length === 0) return MESSAGES[code];
  const rules = issues.map(({ path, message }) => `${path} ${message}`.trim());
  return `${MESSAGES[code]}: ${rules.join("; ")}`;
}
