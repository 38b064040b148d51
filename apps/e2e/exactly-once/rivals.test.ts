import type { TestStack } from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";
import { assertStoredOnce } from "./support/assert-stored-once.ts";
import { sendAll } from "./support/send-all.ts";

/** Two deliveries of one name whose listings take long enough to overlap. */
function createRivals(stack: TestStack, name: string) {
  stack.upstream.inject({
    kind: "delay",
    method: "GET",
    when: "after",
    ms: 200,
    times: 2,
    name,
  });
  return [1, 2].map((count) => ({
    name,
    value: `${name} ${count}`,
    id: `${name}-${count}`,
  }));
}

test("two deliveries of one name at once are both stored, and each gets its own secret", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const rivals = createRivals(stack, "LATE");
  upstream.inject({ kind: "delay", when: "after", ms: 700, name: "LATE" });
  upstream.inject({ kind: "answer", status: 502, store: true, name: "LATE" });
  const ended = await sendAll(stack, rivals);
  assertStoredOnce(ended, upstream.secrets());
  expect(upstream.received().POST).toBe(2);
});

test("of two deliveries of one name, the second waits until the first is settled, and each gets its own secret", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const rivals = createRivals(stack, "EITHER");
  upstream.inject({ kind: "drop", store: true, name: "EITHER" });
  upstream.inject({ kind: "drop", name: "EITHER" });
  const ended = await sendAll(stack, rivals);
  assertStoredOnce(ended, upstream.secrets());
});

test("deliveries of two ids for each name through random faults are stored once, each with its own id", async () => {
  const count = 60 * SCALE;
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "1" } });
  const { upstream } = stack;
  upstream.setChaos({
    seed: SEED,
    rates: { storeThen502: 0.2, storeThenDrop: 0.1, dropBefore: 0.1, late: 0.1 },
  });
  const rivals = Array.from({ length: count }, (_, index) => {
    const name = `SHARED_${Math.floor(index / 2)}_`;
    return { name, value: `value ${index}`, id: `shared-${index}` };
  });
  const ended = await sendAll(stack, rivals);
  assertStoredOnce(ended, upstream.secrets());
});
