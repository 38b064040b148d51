import { setTimeout as sleep } from "node:timers/promises";
import {
  type Answer,
  createTestSender,
  sendDelivery,
  type TestDelivery,
  type TestStack,
} from "@convai-secrets/testing";
import { afterAll, beforeAll } from "vitest";
import { startStack } from "./start-stack.ts";

const MAX_ATTEMPTS = 12;

/** A stack for all tests of a file, whose sender has the policy `update`. */
export function useUpdatingStack(): () => TestStack {
  let stack: TestStack;
  beforeAll(async () => {
    const sender = await createTestSender("vault", { existing: "update" });
    stack = await startStack({ senders: [sender] });
  });
  afterAll(() => stack.stop());
  return () => stack;
}

/** Sends a delivery until its answer is not retryable, not before `retry-after`. */
export async function sendUntilFinal(stack: TestStack, delivery: TestDelivery): Promise<Answer> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const answer = await sendDelivery(stack, delivery);
    if (answer.body["retryable"] !== true) return answer;
    await sleep((answer.retryAfter ?? 1) * 1000);
  }
  throw new Error(`No final answer after ${MAX_ATTEMPTS} attempts`);
}
