import { sendUntilAnswered, type TestDelivery, type TestStack } from "@convai-secrets/testing";
import pLimit from "p-limit";
import type { AnsweredDelivery } from "./assert-stored-once.ts";
import { MAX_OPEN_REQUESTS } from "./open-requests.ts";

/** Sends deliveries at once, each until its sender has an answer. */
export function sendAll(
  stack: TestStack,
  deliveries: readonly TestDelivery[],
): Promise<AnsweredDelivery[]> {
  const limit = pLimit(MAX_OPEN_REQUESTS);
  const send = async (delivery: TestDelivery) => ({
    delivery,
    ...(await sendUntilAnswered(stack, delivery, { limit })),
  });
  return Promise.all(deliveries.map(send));
}
