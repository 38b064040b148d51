import { setTimeout as sleep } from "node:timers/promises";
import { listDeliveries, sendDelivery, type TestStack } from "@convai-secrets/testing";
import { expect, test, vi } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

/** A delivery whose call reached upstream, which stored nothing, when the process was killed. */
async function orphan(stack: TestStack, env: Readonly<Record<string, string>> = {}) {
  const { upstream } = stack;
  const delivery = { name: "ORPHAN", value: "v", id: "orphan" };
  upstream.inject({ kind: "hang", name: "ORPHAN" });
  const first = sendDelivery(stack, delivery).catch(() => "connection lost");
  await vi.waitFor(() => expect(upstream.received().POST).toBe(1));
  const calledAt = Date.now();
  await stack.restart(env);
  expect(await first).toBe("connection lost");
  return { upstream, delivery, calledAt };
}

test("a call of a killed process is not repeated before it can no longer be running, and then exactly once", async () => {
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "2" } });
  const { upstream, delivery } = await orphan(stack);
  expect((await listDeliveries(stack)).body).toMatchObject({
    deliveries: [{ id: "orphan", state: "unknown", secret_id: null, attempts: 1 }],
  });

  const early = await sendDelivery(stack, delivery);
  expect(early).toMatchObject({ status: 503, body: { code: "outcome_unsettled" } });
  // It left within its time limit of 8 s, took at most as long, and 2 s are the settle time.
  expect(early.retryAfter).toBeGreaterThan(10);
  expect(early.retryAfter).toBeLessThanOrEqual(18);
  expect((await listDeliveries(stack)).body).toMatchObject({
    deliveries: [{ state: "unknown" }],
  });
  expect(upstream.received().POST).toBe(1);

  await sleep((early.retryAfter ?? 0) * 1_000);
  upstream.inject({ kind: "delay", ms: 200, name: "ORPHAN" });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => sendDelivery(stack, delivery)),
  );
  const [secret] = upstream.secrets();
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
  }
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test("a call of a killed process that no listing can settle is 409 and never sent again", async () => {
  const stack = await startStackForTest();
  const { upstream, delivery, calledAt } = await orphan(stack, { RECONCILE: "off" });
  await sleep(calledAt + 1_100 - Date.now());
  const unknown = { status: 409, body: { code: "outcome_unknown", outcome: "unknown" } };
  for (const _ of [1, 2]) expect(await sendDelivery(stack, delivery)).toMatchObject(unknown);

  await stack.restart({ RECONCILE: "on" });
  upstream.setApiKeys({ [stack.apiKey]: ["convai_write"] });
  for (const _ of [1, 2]) expect(await sendDelivery(stack, delivery)).toMatchObject(unknown);
  expect(upstream.received().POST).toBe(1);

  expect(await sendDelivery(stack, { ...delivery, id: "decided" })).toMatchObject({ status: 200 });
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});
