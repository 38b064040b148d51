import { setTimeout as sleep } from "node:timers/promises";
import { sendDelivery } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { createElsewhere } from "../support/create-elsewhere.ts";
import { startStackForTest } from "../support/start-stack.ts";

const UNSETTLED = { status: 503, body: { code: "outcome_unsettled", outcome: "unknown" } };
const FAILED = { status: 502, body: { code: "upstream_failed", outcome: "unknown" } };
const NOT_SENT = { status: 502, body: { code: "upstream_unreachable", outcome: "not_applied" } };

function createDelivery(name: string) {
  return { name, value: "v", id: `id-${name}` };
}

test("if the listing before a create fails, nothing is sent, and the retry creates the secret", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const delivery = createDelivery("BLIND");
  for (const fault of [
    { kind: "answer", status: 500 },
    { kind: "drop" },
    { kind: "html" },
  ] as const) {
    upstream.inject({ ...fault, method: "GET" });
    expect(await sendDelivery(stack, delivery)).toMatchObject(NOT_SENT);
  }
  expect(upstream.received().POST).toBe(0);
  expect(await sendDelivery(stack, delivery)).toMatchObject({ status: 200, replayed: false });
  expect(upstream.received().POST).toBe(1);
});

test.each([
  ["drops the connection", { kind: "drop" }],
  ["is malformed", { kind: "malformed-json" }],
  ["is rate limited", { kind: "answer", status: 429 }],
] as const)(
  "if the listing after a lost create %s, the outcome stays open and nothing is sent",
  async (_, fault) => {
    const stack = await startStackForTest();
    const { upstream } = stack;
    const delivery = createDelivery("OPEN");
    upstream.inject({ kind: "delay", method: "GET", ms: 0 });
    upstream.inject({ ...fault, method: "GET", times: Number.POSITIVE_INFINITY });
    upstream.inject({ kind: "drop", store: true });
    expect(await sendDelivery(stack, delivery)).toMatchObject(FAILED);
    await sleep(1_100);
    expect(await sendDelivery(stack, delivery)).toMatchObject(UNSETTLED);
    expect(upstream.received().POST).toBe(1);

    upstream.clearFaults();
    const [secret] = upstream.secrets();
    expect(await sendDelivery(stack, delivery)).toMatchObject({
      status: 200,
      body: { secret_id: secret?.secret_id },
    });
    expect(upstream.received().POST).toBe(1);
  },
);

test("a create without an answer is sent again only after the call's time limit and the settle time", async () => {
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "2" } });
  const { upstream } = stack;
  const delivery = createDelivery("SECONDS");
  upstream.inject({ kind: "truncated-body" });
  const start = Date.now();
  const first = await sendDelivery(stack, delivery);
  expect(first).toMatchObject(FAILED);
  // The time limit of a create is 8 s.
  expect(first.retryAfter).toBeGreaterThanOrEqual(9);
  expect(first.retryAfter).toBeLessThanOrEqual(10);
  await sleep(start + 8_500 - Date.now());
  expect(await sendDelivery(stack, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 2 });
  expect(upstream.received().POST).toBe(1);
  await sleep(start + 10_200 - Date.now());
  expect((await sendDelivery(stack, delivery)).status).toBe(200);
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test("a 500 in the API's own error shape ends the call, so that a listing 5 s later decides", async () => {
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "60" } });
  const { upstream } = stack;
  const delivery = createDelivery("ENDED");
  upstream.inject({ kind: "answer", status: 500 });
  const first = await sendDelivery(stack, delivery);
  expect(first).toMatchObject(FAILED);
  expect(first.retryAfter).toBeLessThanOrEqual(5);
  await sleep(5_100);
  expect((await sendDelivery(stack, delivery)).status).toBe(200);
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test("a name that is a prefix of other names is distinguished from them", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  for (const name of ["PREFIX_1", "PREFIX_2", "PREFIX"]) {
    expect((await sendDelivery(stack, createDelivery(name))).status).toBe(200);
  }
  upstream.inject({ kind: "drop", store: true });
  const answer = await sendDelivery(stack, {
    ...createDelivery("PREFIX"),
    id: "second",
    value: "2",
  });
  const secret = upstream.secrets().find(({ value }) => value === "2");
  expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
});

test("the secrets of a name that is a prefix of 1,200 names are found", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  for (let count = 0; count < 1_200; count += 1) await createElsewhere(stack, `MANY_${count}`);
  const delivery = createDelivery("MANY");
  upstream.inject({ kind: "drop", store: true, name: "MANY" });
  const answer = await sendDelivery(stack, delivery);
  const secret = upstream.secrets().find(({ name }) => name === "MANY");
  expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
});
