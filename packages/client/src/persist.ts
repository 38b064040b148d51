import type { FailedOutcome } from "@convai-secrets/core";
import { type Attempt, attempt, type Call } from "./attempt.ts";
import { chooseDelay } from "./backoff.ts";
import { DeliveryError, type DeliveryErrorCode } from "./delivery-error.ts";
import type { Failure } from "./read-problem.ts";
import type { Sender } from "./sender-options.ts";
import { wait } from "./wait.ts";

/** A success, and how many requests it took. */
export type Success<Result> = Extract<Attempt<Result>, { ok: true }> & {
  readonly attempts: number;
};

/** The codes that only the ledger gives, which knows what became of earlier attempts too. */
const SETTLED: ReadonlySet<DeliveryErrorCode> = new Set([
  "rejected_by_elevenlabs",
  "upstream_key_refused",
  "upstream_rate_limited",
  "idempotency_key_reused",
]);

/**
 * Makes a call, again and again while that may help: the same request, with the same id and a fresh
 * signature.
 *
 * @throws {DeliveryError}
 */
export async function persist<Result>(
  sender: Sender,
  call: Call<Result>,
): Promise<Success<Result>> {
  const { signal, maxAttempts, onRetry } = sender;
  let outcome: FailedOutcome = "not_created";
  for (let attempts = 1; ; attempts += 1) {
    if (signal?.aborted) throw give(abortion(outcome), outcome, attempts - 1, call);
    const ended = await attempt(sender, call);
    if (ended.ok) return { ...ended, attempts };
    const { failure } = ended;
    outcome = joinOutcomes(outcome, failure);
    const delayMs = chooseDelay(attempts, failure.retryAfterMs, Math.random());
    const isOver = !failure.retryable || attempts >= maxAttempts || delayMs === undefined;
    if (isOver || failure.code === "aborted") throw give(failure, outcome, attempts, call);
    onRetry?.({ attempt: attempts, delayMs, code: failure.code });
    await wait(delayMs, signal);
  }
}

/** One attempt that may have stored the secret is enough not to know, unless the ledger says so. */
function joinOutcomes(before: FailedOutcome, { code, outcome }: Failure): FailedOutcome {
  return SETTLED.has(code) || before === "not_created" ? outcome : before;
}

function abortion(outcome: FailedOutcome): Failure {
  return { code: "aborted", outcome, retryable: true };
}

function give<Result>(
  failure: Failure,
  outcome: FailedOutcome,
  attempts: number,
  { id, method, isSecret }: Call<Result>,
): DeliveryError {
  return new DeliveryError(failure.code, {
    ...failure,
    // What only reads creates nothing.
    outcome: method === "GET" ? "not_created" : outcome,
    attempts,
    id: id === undefined || isSecret(id) ? undefined : id,
  });
}
