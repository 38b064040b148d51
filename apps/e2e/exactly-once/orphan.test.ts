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

test("a call nobody owns any more: no second one before the settle time, then exactly one", async () => {
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "2" } });
  const { upstream, delivery, calledAt } = await orphan(stack);
  expect((await listDeliveries(stack)).body).toMatchObject({
    deliveries: [{ id: "orphan", state: "pending", secret_id: null, attempts: 1 }],
  });

  const early = await sendDelivery(stack, delivery);
  expect(early).toMatchObject({ status: 503, body: { code: "outcome_unsettled" } });
  expect(early.retryAfter).toBeGreaterThanOrEqual(1);
  expect(early.retryAfter).toBeLessThanOrEqual(2);
  expect((await listDeliveries(stack)).body).toMatchObject({
    deliveries: [{ state: "unknown" }],
  });
  expect(upstream.received().POST).toBe(1);

  await sleep(calledAt + 2_100 - Date.now());
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

test("a call nobody owns any more, with nothing to settle it by: 409 however often, never sent again", async () => {
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
