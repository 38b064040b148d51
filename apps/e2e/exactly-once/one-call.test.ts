import { setTimeout as sleep } from "node:timers/promises";
import { sendDelivery, type TestDelivery } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

test.each<[string, Partial<TestDelivery>]>([
  ["with a signed id", { id: "crowd", isSigned: true }],
  ["with an Idempotency-Key", { id: "crowd" }],
  ["without an id", {}],
])(
  "200 connections at once with one delivery, %s: one call and 200 equal answers",
  async (_, how) => {
    const stack = await startStackForTest();
    const { upstream } = stack;
    upstream.inject({ kind: "delay", ms: 500, name: "CROWD" });
    const delivery = { name: "CROWD", value: "v", ...how };
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => sendDelivery(stack, delivery)),
    );
    const [secret] = upstream.secrets();
    const stored = { type: "stored", secret_id: secret?.secret_id, name: "CROWD" };
    for (const { status, body } of answers) expect([status, body]).toEqual([200, stored]);
    expect(upstream.received()).toMatchObject({ POST: 1, GET: 1 });
    expect(await sendDelivery(stack, delivery)).toMatchObject({
      status: 200,
      body: stored,
      replayed: true,
    });
    expect(upstream.received().POST).toBe(1);
  },
);

test("the same id with other content is rejected before, during and after the call, and sends nothing", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const delivery = { name: "MINE", value: "v", id: "reused" };
  const reused = { status: 422, body: { code: "idempotency_key_reused", outcome: "not_applied" } };
  const others = [
    { ...delivery, value: "other" },
    { ...delivery, name: "OTHER" },
    { ...delivery, value: "other", isSigned: true },
  ];
  const expectRefused = async () => {
    for (const other of others) expect(await sendDelivery(stack, other)).toMatchObject(reused);
  };

  // The listing before the first call is in flight.
  upstream.inject({ kind: "delay", method: "GET", ms: 1_500, name: "MINE" });
  upstream.inject({ kind: "delay", ms: 500, name: "MINE" });
  const first = sendDelivery(stack, delivery);
  await sleep(100);
  await expectRefused();
  expect(upstream.received().POST).toBe(0);
  await expect.poll(() => upstream.received().POST, { timeout: 10_000 }).toBe(1);
  await expectRefused();
  expect((await first).status).toBe(200);
  await expectRefused();
  await stack.restart();
  await expectRefused();
  expect(upstream.received().POST).toBe(1);
});

test("the same id with other content is rejected if the outcome is unknown, and is a new attempt after a rejection", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  upstream.inject({ kind: "answer", status: 422, name: "REJECTED" });
  upstream.inject({ kind: "drop", name: "UNKNOWN" });
  const rejected = { name: "REJECTED", value: "v", id: "rejected" };
  const unknown = { name: "UNKNOWN", value: "v", id: "unknown" };
  expect((await sendDelivery(stack, rejected)).status).toBe(422);
  expect((await sendDelivery(stack, unknown)).status).toBe(502);
  expect(await sendDelivery(stack, { ...rejected, value: "corrected" })).toMatchObject({
    status: 200,
    replayed: false,
  });
  expect(await sendDelivery(stack, { ...unknown, value: "other" })).toMatchObject({
    status: 422,
    body: { code: "idempotency_key_reused" },
  });
  expect(upstream.received().POST).toBe(3);
});
