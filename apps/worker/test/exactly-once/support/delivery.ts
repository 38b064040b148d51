import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Rig, readAnswer, sign } from "../../node/rig.ts";
import type { Slots } from "./slots.ts";

/** A secret on its way. */
export interface Delivery {
  readonly sender: { readonly token: string; readonly signingSecret: string };
  /** Of many names, none may begin another: more than a thousand are not listed. */
  readonly name: string;
  readonly value: string;
  /** Without one, it is derived. */
  readonly id?: string;
  /** Whether the id is a signed `webhook-id`, or an `Idempotency-Key` beside the token (default). */
  readonly isSigned?: boolean;
}

/** Sends a delivery once. */
export async function send(rig: Rig, delivery: Delivery, hangUp?: AbortSignal): Promise<Answer> {
  const { name, value } = delivery;
  const body = JSON.stringify({ type: "new", name, value });
  const response = await fetch(`${rig.worker().url}/v1/convai/secrets`, {
    method: "POST",
    headers: { "content-type": "application/json", ...authenticate(delivery, body) },
    body,
    signal: hangUp ?? null,
  });
  return readAnswer(response);
}

function authenticate(delivery: Delivery, body: string): Record<string, string> {
  const { sender, id, isSigned = false } = delivery;
  if (id !== undefined && isSigned) return sign(body, id, sender.signingSecret);
  return {
    authorization: `Bearer ${sender.token}`,
    ...(id === undefined ? {} : { "idempotency-key": id }),
  };
}

/** How a webhook sender redelivers. */
export interface Persistence {
  /** How many requests of all deliveries may be out at a time; one that waits is not out. */
  readonly slots: Slots;
  /** After how many milliseconds the sender hangs up, attempt by attempt; then it has patience. */
  readonly hangUpsMs?: readonly number[];
}

const PATIENCE_MS = 30_000;
const BACKOFF_MS = 50;
const MAX_ATTEMPTS = 200;

/**
 * Delivers as a webhook sender does: again after no answer, 429 and 5xx, not before `retry-after`
 * has passed, with the same id and a fresh signature.
 *
 * @returns the answer that ended it, and how many requests before it got none
 */
export async function deliver(
  rig: Rig,
  delivery: Delivery,
  { slots, hangUpsMs = [] }: Persistence,
): Promise<{ answer: Answer; unanswered: number }> {
  let unanswered = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const answer = await slots.use(() => {
      const hangUp = AbortSignal.timeout(hangUpsMs[attempt] ?? PATIENCE_MS);
      return send(rig, delivery, hangUp).catch(() => undefined);
    });
    if (answer === undefined) unanswered += 1;
    else if (answer.status !== 429 && answer.status < 500) return { answer, unanswered };
    await sleep(answer?.retryAfter === undefined ? BACKOFF_MS : answer.retryAfter * 1_000);
  }
  throw new Error(`${delivery.name} got no final answer in ${MAX_ATTEMPTS} attempts`);
}
