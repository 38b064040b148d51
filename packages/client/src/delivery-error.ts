import { type Outcome, PROBLEMS, type ProblemCode } from "@convai-secrets/protocol";
import { CLIENT_FAILURES, type ClientFailureCode } from "./client-failures.ts";

/** Why a call failed: a code of the Worker's problem documents, or one of this package's own. */
export type DeliveryErrorCode = ProblemCode | ClientFailureCode;

/** One broken rule. */
export interface DeliveryIssue {
  /** The field; empty for the whole document, `?` for a field that this package does not send. */
  readonly path: string;
  /** To be read after the path: "must not be empty". */
  readonly message: string;
}

/** What a {@link DeliveryError} contains besides its code. */
export interface DeliveryErrorDetails {
  /** Whether the call applied nothing, or may have stored the secret. */
  readonly outcome: Outcome;
  /** The HTTP status of the last answer, if there was one. */
  readonly status?: number | undefined;
  /** Whether the same call can succeed later without a change. */
  readonly retryable: boolean;
  /** The Worker's id of the last request, which its log contains too. */
  readonly requestId?: string | undefined;
  /** The machine-readable reason that ElevenLabs gave. */
  readonly upstreamCode?: string | undefined;
  readonly issues?: readonly DeliveryIssue[] | undefined;
  /** The wait that the Worker asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** How many requests were made. */
  readonly attempts: number;
  /** The delivery's id, if the client knows it: set by the caller or derived from the content. */
  readonly id?: string | undefined;
}

/** What to do, where the title of the code does not say it. */
const ADVICE: Partial<Record<DeliveryErrorCode, string>> = {
  unauthenticated: "check the credential and the address",
  stale_timestamp: "the clock of this machine is more than 5 minutes off",
  name_not_allowed: "the sender's policy does not allow this name",
  not_found: "check that the address is the Worker's",
  method_not_allowed: "check that the address is the Worker's",
  idempotency_key_reused: "this id was used with another name or value",
  name_taken: "the policy of this sender or request rejects existing names",
  name_not_managed: "the operator can adopt the secret",
  name_ambiguous: "the operator must decide which one to update",
  superseded: "a newer value of this name was requested",
  secret_not_found: "this Worker manages no such secret under this name for this sender",
  outcome_unsettled: "an earlier call may still be running; try again later",
  outcome_unknown: "the secret may be stored; ask the operator to decide",
  sender_paused: "ask the operator to resume this sender",
  upstream_key_refused: "the operator must replace the Worker's API key",
  upstream_refused: "the operator must look at the ElevenLabs account",
  misconfigured: "the operator must correct the Worker's configuration",
};

/**
 * The error of this package, besides the `TypeError` of an option that breaks a rule.
 *
 * It contains no request, header, body, text of the server, foreign error, `cause`, value or
 * credential, so it is safe to log.
 *
 * @example
 * ```ts
 * if (error instanceof DeliveryError && error.outcome === "unknown") {
 *   // The secret may be stored. Call again with the same content: it is the same delivery.
 * }
 * ```
 */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly code: DeliveryErrorCode;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly requestId: string | undefined;
  readonly upstreamCode: string | undefined;
  readonly issues: readonly DeliveryIssue[];
  readonly retryAfterMs: number | undefined;
  readonly attempts: number;
  readonly id: string | undefined;

  constructor(code: DeliveryErrorCode, details: DeliveryErrorDetails) {
    super(describe(code, details));
    this.code = code;
    this.outcome = details.outcome;
    this.status = details.status;
    this.retryable = details.retryable;
    this.requestId = details.requestId;
    this.upstreamCode = details.upstreamCode;
    this.issues = details.issues ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.attempts = details.attempts;
    this.id = details.id;
  }
}

/** A short text for people that says what a code means. */
export function describeCode(code: DeliveryErrorCode): string {
  return { ...PROBLEMS, ...CLIENT_FAILURES }[code].title;
}

function describe(
  code: DeliveryErrorCode,
  { issues = [], upstreamCode }: DeliveryErrorDetails,
): string {
  const title = describeCode(code);
  const reason = upstreamCode === undefined ? "" : ` (${upstreamCode})`;
  const rules = issues.map(({ path, message }) => `${path} ${message}`.trim()).join("; ");
  const advice = rules || ADVICE[code];
  return `${title}${reason}${advice === undefined ? "" : `: ${advice}`}`;
}
