import { type Answer, type Rig, readAnswer, sign } from "./rig.js";

/** A delivery as a webhook sender keeps it until it is accepted. */
export interface Delivery {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

/** More than any delivery takes here: one that never ends is a failure, not a hang. */
const MAX_ATTEMPTS = 200;
const RETRY_MS = 30;

/**
 * Delivers as a webhook sender does: the same id until it is accepted, a fresh signature each time,
 * waiting as it is told to.
 *
 * @param hangsUp draws, for each attempt, after how many milliseconds the sender hangs up, if it does
 */
export async function deliver(
  rig: Rig,
  { id, name, value }: Delivery,
  hangsUp: () => number | undefined = () => undefined,
): Promise<Answer> {
  const body = JSON.stringify({ type: "new", name, value });
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const answer = await attemptOnce(rig, id, body, hangsUp());
    if (answer !== undefined && (answer.status === 200 || answer.body["retryable"] === false)) {
      return answer;
    }
    await sleep(answer?.retryAfter === undefined ? RETRY_MS : answer.retryAfter * 1_000);
  }
  throw new Error(`${id} was not accepted in ${MAX_ATTEMPTS} attempts`);
}

async function attemptOnce(
  rig: Rig,
  id: string,
  body: string,
  hangUpMs: number | undefined,
): Promise<Answer | undefined> {
  const hangUp = new AbortController();
  const timer = hangUpMs === undefined ? undefined : setTimeout(() => hangUp.abort(), hangUpMs);
  try {
    const response = await fetch(`${rig.worker().url}/v1/convai/secrets`, {
      method: "POST",
      headers: sign(body, id, rig.signingSecret),
      body,
      signal: hangUp.signal,
    });
    return await readAnswer(response);
  } catch {
    // No connection, a broken one, or the sender's own hanging up: it comes again.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs many deliveries, so many at a time. */
export async function deliverAll(
  deliveries: readonly Delivery[],
  concurrency: number,
  run: (delivery: Delivery) => Promise<Answer>,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const waiting = deliveries.values();
  const work = async () => {
    for (const delivery of waiting) answers.set(delivery.id, await run(delivery));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return answers;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
