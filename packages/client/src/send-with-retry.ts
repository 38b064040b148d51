import type { Outcome } from "@convai-secrets/protocol";
import { type Attempt, attempt, type Call } from "./attempt.ts";
import { chooseDelay } from "./backoff.ts";
import { clientFailure } from "./client-failures.ts";
import { DeliveryError, type DeliveryErrorCode } from "./delivery-error.ts";
import type { Failure } from "./read-problem.ts";
import type { Sender } from "./sender-options.ts";
import { wait } from "./wait.ts";

/** A success, and how many requests it took. */
export type Success<Result> = Extract<Attempt<Result>, { ok: true }> & {
  readonly attempts: number;
};

/** The ledger decides these after every earlier attempt of the delivery has settled. */
const SETTLED: ReadonlySet<DeliveryErrorCode> = new Set([
  "rejected_by_elevenlabs",
  "idempotency_key_reused",
  "name_taken",
  "name_not_managed",
  "name_ambiguous",
  "superseded",
  "secret_not_found",
]);

/** Nothing was sent: a few attempts within seconds show whether that passes. */
const NOT_SENT: ReadonlySet<DeliveryErrorCode> = new Set([
  "host_not_found",
  "connection_refused",
  "network_unreachable",
  "id_token_unavailable",
]);
const MAX_ATTEMPTS_NOT_SENT = 3;

/**
 * Makes a call, and makes it again while that can help: the same request with the same id, and a new
 * timestamp, signature or OIDC token.
 *
 * @throws {DeliveryError}
 */
export async function sendWithRetry<Result>(
  sender: Sender,
  call: Call<Result>,
): Promise<Success<Result>> {
  const { signal, maxAttempts, onRetry } = sender;
  let outcome: Outcome = "not_applied";
  let notSent = 0;
  for (let attempts = 1; ; attempts += 1) {
    if (signal?.aborted) {
      throw createError(clientFailure("aborted"), outcome, attempts - 1, sender, call);
    }
    const ended = await attempt(sender, call);
    if (ended.ok) return { ...ended, attempts };
    const { failure } = ended;
    outcome = joinOutcomes(outcome, failure);
    notSent = NOT_SENT.has(failure.code) ? notSent + 1 : 0;
    const delayMs = chooseDelay(attempts, failure.retryAfterMs, Math.random());
    const isLast =
      !failure.retryable || attempts >= maxAttempts || notSent >= MAX_ATTEMPTS_NOT_SENT;
    if (isLast || delayMs === undefined || failure.code === "aborted") {
      throw createError(failure, outcome, attempts, sender, call);
    }
    onRetry?.({ attempt: attempts, delayMs, code: failure.code });
    await wait(delayMs, signal);
  }
}

/** One attempt that may have stored the secret makes the outcome unknown, until the ledger decides. */
function joinOutcomes(before: Outcome, { code, outcome }: Failure): Outcome {
  return SETTLED.has(code) || before === "not_applied" ? outcome : before;
}

function createError<Result>(
  failure: Failure,
  outcome: Outcome,
  attempts: number,
  { secrets }: Sender,
  { id, method }: Call<Result>,
): DeliveryError {
  return new DeliveryError(failure.code, {
    ...failure,
    // A read applies nothing.
    outcome: method === "GET" ? "not_applied" : outcome,
    attempts,
    id: id === undefined || secrets.contains(id) ? undefined : id,
  });
}
