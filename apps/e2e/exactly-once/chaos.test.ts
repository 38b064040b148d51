import { createTestSender, type TestDelivery } from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";
import { assertStoredOnce } from "./support/assert-stored-once.ts";
import { sendAll } from "./support/send-all.ts";

const COUNT = 2_000 * SCALE;

/** Nearly half of all calls go wrong. */
const RATES = {
  storeThen502: 0.1,
  storeThenDrop: 0.07,
  dropBefore: 0.07,
  late: 0.07,
  429: 0.07,
  malformed: 0.07,
  // Later than the Worker waits for it.
  slow: 0.003,
};

const senders = [
  await createTestSender("a"),
  await createTestSender("b"),
  await createTestSender("c"),
] as const;

/** Deliveries of several senders, in each of the three ways to come by an id. */
function createDelivery(index: number): TestDelivery {
  const sender = senders[index % senders.length] ?? senders[0];
  const name = `${sender.id}_${index}_`;
  const secret = { sender, name, value: `value ${index}` };
  switch (Math.floor(index / senders.length) % 3) {
    case 0:
      return { ...secret, id: `msg_${index}`, isSigned: true };
    case 1:
      return { ...secret, id: `key-${index}` };
    default:
      return secret;
  }
}

test(`${COUNT} deliveries of three senders through random faults are each stored once`, async () => {
  const stack = await startStackForTest({ senders, env: { SETTLE_SECONDS: "2" } });
  stack.upstream.setChaos({ seed: SEED, rates: RATES });
  const deliveries = Array.from({ length: COUNT }, (_, index) => createDelivery(index));
  const told = await sendAll(stack, deliveries);
  assertStoredOnce(told, stack.upstream.secrets());
  expect(stack.upstream.received().POST).toBeGreaterThan(COUNT);
});
