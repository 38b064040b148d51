import { expect, test } from "vitest";
import { expectEachOnce } from "./support/books.ts";
import { type Delivery, deliver } from "./support/delivery.ts";
import { SCALE, SEED } from "./support/draw.ts";
import { generateSenders, startPersistent } from "./support/rig.ts";
import { Slots } from "./support/slots.ts";

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

const { senders, document } = generateSenders("a", "b", "c");

/** Deliveries of several senders, in each of the three ways to come by an id. */
function createDelivery(index: number): Delivery {
  const sender = senders[index % senders.length] ?? senders[0];
  const name = `${sender.sender.id}_${index}_`;
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
  const rig = await startPersistent({ SENDERS: document, SETTLE_SECONDS: "2" });
  rig.upstream.upstream.setChaos({ seed: SEED, rates: RATES });
  const slots = new Slots();
  const told = await Promise.all(
    Array.from({ length: COUNT }, async (_, index) => {
      const delivery = createDelivery(index);
      return { delivery, ...(await deliver(rig, delivery, { slots })) };
    }),
  );
  expectEachOnce(told, rig.upstream.upstream.secrets());
  expect(rig.upstream.upstream.received().POST).toBeGreaterThan(COUNT);
});
