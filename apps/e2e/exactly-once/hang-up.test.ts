import { setTimeout as sleep } from "node:timers/promises";
import { listDeliveries, sendDelivery, sendUntilAnswered } from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import pLimit from "p-limit";
import { expect, test, vi } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";
import { assertStoredOnce } from "./support/assert-stored-once.ts";
import { drawNumbers } from "./support/draw-numbers.ts";
import { MAX_OPEN_REQUESTS } from "./support/open-requests.ts";

const COUNT = 1_000 * SCALE;
const RATES = { storeThen502: 0.07, storeThenDrop: 0.07, dropBefore: 0.07, late: 0.07 };

test(`${COUNT} deliveries whose senders disconnect at random moments are each stored once`, async () => {
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "2" } });
  stack.upstream.setChaos({ seed: SEED, rates: RATES });
  const limit = pLimit(MAX_OPEN_REQUESTS);
  // What its sender hung up on goes on: more of them than the machine serves would pile up.
  const underWay = pLimit(48);
  const moments = drawNumbers(COUNT, 0, 50);
  const told = await Promise.all(
    moments.map(async (moment, index) => {
      const secret = { name: `N_${index}_`, value: `value ${index}` };
      const delivery = index % 2 === 0 ? { ...secret, id: `id-${index}`, isSigned: true } : secret;
      const disconnectsMs = [moment, Math.floor(moment / 2)];
      const ended = await underWay(() =>
        sendUntilAnswered(stack, delivery, { limit, disconnectsMs }),
      );
      return { delivery, ...ended };
    }),
  );
  assertStoredOnce(told, stack.upstream.secrets());
  const unanswered = told.reduce((sum, delivery) => sum + delivery.unanswered, 0);
  expect(unanswered).toBeGreaterThan(COUNT / 10);
});

test("a delivery whose caller disconnects is completed and recorded", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const delivery = { name: "LEFT", value: "v", id: "left" };
  upstream.inject({ kind: "delay", when: "after", ms: 500, name: "LEFT" });
  const hungUp = sendDelivery(stack, delivery, AbortSignal.timeout(250));
  await expect(hungUp).rejects.toThrow();
  expect(upstream.received().POST).toBe(1);
  await vi.waitFor(async () => {
    const { body } = await listDeliveries(stack);
    expect(body).toMatchObject({ deliveries: [{ id: "left", state: "stored", attempts: 1 }] });
  });
  expect(await sendDelivery(stack, delivery)).toMatchObject({ status: 200, replayed: true });
  expect(upstream.received().POST).toBe(1);
});

test("a request that disconnects before its body is complete stores nothing", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const hangUp = new AbortController();
  const half = new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode('{"type":"new","name":"HALF"')),
  });
  const request = fetch(`${stack.url}/v1/convai/secrets`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.sender.token}`, "content-type": "application/json" },
    body: half,
    duplex: "half",
    signal: hangUp.signal,
  });
  await sleep(100);
  hangUp.abort();
  await expect(request).rejects.toThrow();
  await sleep(100);
  expect(upstream.received().total).toBe(0);
  expect((await listDeliveries(stack)).body).toEqual({ deliveries: [], next: null });
});
