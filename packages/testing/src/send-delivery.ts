import { setTimeout as sleep } from "node:timers/promises";
import { HEADERS, PATHS } from "@convai-secrets/protocol";
import type { LimitFunction } from "p-limit";
import { type Answer, readAnswer } from "./answer.ts";
import { signRequest } from "./sign-request.ts";
import type { TestSender } from "./test-sender.ts";
import type { TestStack } from "./test-stack.ts";

/** A secret that a sender stores. */
export interface TestDelivery {
  /** Default: the stack's first sender. */
  readonly sender?: TestSender;
  readonly name: string;
  readonly value: string;
  /** Default: derived by the Worker. */
  readonly id?: string;
  /** Whether the id is a signed `webhook-id`, or an `Idempotency-Key` beside the token (default). */
  readonly isSigned?: boolean;
  /** The secret to update with PATCH. Default: POST. */
  readonly secretId?: string;
  /** Headers besides those of the authentication, or instead of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a delivery once.
 *
 * @param signal disconnects the sender
 */
export async function sendDelivery(
  stack: Pick<TestStack, "url" | "sender">,
  delivery: TestDelivery,
  signal?: AbortSignal,
): Promise<Answer> {
  const { sender = stack.sender, name, value, id, isSigned = false, secretId } = delivery;
  const [method, path, type] =
    secretId === undefined
      ? ["POST", PATHS.secrets, "new"]
      : ["PATCH", PATHS.secret.replace("{secret_id}", secretId), "update"];
  const body = JSON.stringify({ type, name, value });
  const authentication =
    isSigned && id !== undefined
      ? signRequest(sender.signingSecret, { id, body })
      : {
          authorization: `Bearer ${sender.token}`,
          ...(id !== undefined && { [HEADERS.idempotencyKey]: id }),
        };
  const response = await fetch(stack.url + path, {
    method,
    headers: { "content-type": "application/json", ...authentication, ...delivery.headers },
    body,
    signal: signal ?? null,
  });
  return readAnswer(response);
}

/** How {@link sendUntilAnswered} redelivers. */
export interface RedeliveryOptions {
  /** How many requests of all deliveries are open at a time; one that waits is not open. */
  readonly limit: LimitFunction;
  /** The times after which the sender disconnects, one per attempt, in ms. Then it waits 30 s. */
  readonly disconnectsMs?: readonly number[];
}

const ANSWER_TIMEOUT_MS = 30_000;
const BACKOFF_MS = 50;
const MAX_ATTEMPTS = 200;

/**
 * Delivers as a sender does: after a missing answer, 429 and 5xx it sends the same delivery
 * again, not before `retry-after`, with a new signature.
 *
 * @returns the final answer, and how many requests before it got no answer
 * @throws {Error} after 200 attempts
 */
export async function sendUntilAnswered(
  stack: TestStack,
  delivery: TestDelivery,
  { limit, disconnectsMs = [] }: RedeliveryOptions,
): Promise<{ answer: Answer; unanswered: number }> {
  let unanswered = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const answer = await limit(() => {
      const signal = AbortSignal.timeout(disconnectsMs[attempt] ?? ANSWER_TIMEOUT_MS);
      return sendDelivery(stack, delivery, signal).catch(() => undefined);
    });
    if (answer === undefined) unanswered += 1;
    else if (answer.status !== 429 && answer.status < 500) return { answer, unanswered };
    await sleep(answer?.retryAfter === undefined ? BACKOFF_MS : answer.retryAfter * 1_000);
  }
  throw new Error(`${delivery.name} got no final answer in ${MAX_ATTEMPTS} attempts`);
}

/** Lists a sender's deliveries with its token. */
export async function listDeliveries(
  stack: Pick<TestStack, "url" | "sender">,
  sender = stack.sender,
  query = "",
): Promise<Answer> {
  const headers = { authorization: `Bearer ${sender.token}` };
  return readAnswer(await fetch(stack.url + PATHS.deliveries + query, { headers }));
}
