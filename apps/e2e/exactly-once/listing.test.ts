import { setTimeout as sleep } from "node:timers/promises";
import { sendDelivery, type TestStack } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

const UNSETTLED = { status: 503, body: { code: "outcome_unsettled", outcome: "unknown" } };
const FAILED = { status: 502, body: { code: "upstream_failed", outcome: "unknown" } };

function createDelivery(name: string) {
  return { name, value: "v", id: `id-${name}` };
}

test("the listing before fails: the ordinary path works", async () => {
  const stack = await startStackForTest();
  stack.upstream.inject({ kind: "answer", method: "GET", status: 500 });
  expect((await sendDelivery(stack, createDelivery("BLIND"))).status).toBe(200);
});

test("the listing before fails, then the outcome is unknown: a secret of the name may be anybody's", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const delivery = createDelivery("ANYBODY");
  upstream.inject({ kind: "answer", method: "GET", status: 500 });
  upstream.inject({ kind: "answer", status: 502, store: true });
  const unknown = { status: 409, body: { code: "outcome_unknown", retryable: false } };
  for (const _ of [1, 2]) expect(await sendDelivery(stack, delivery)).toMatchObject(unknown);
  expect(upstream.received().POST).toBe(1);
});

test("the listing before fails, nothing is stored: settled by there being no such secret at all", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const delivery = createDelivery("NONE");
  upstream.inject({ kind: "answer", method: "GET", status: 500 });
  upstream.inject({ kind: "drop" });
  expect(await sendDelivery(stack, delivery)).toMatchObject(FAILED);
  expect(await sendDelivery(stack, delivery)).toMatchObject(UNSETTLED);
  await sleep(1_000);
  expect((await sendDelivery(stack, delivery)).status).toBe(200);
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test.each([
  ["drops the connection", { kind: "drop" }],
  ["is malformed", { kind: "malformed-json" }],
  ["asks to slow down", { kind: "answer", status: 429 }],
] as const)(
  "the listing after %s: the outcome stays open past the settle time, nothing is sent",
  async (_, fault) => {
    const stack = await startStackForTest();
    const { upstream } = stack;
    const delivery = createDelivery("OPEN");
    upstream.inject({ kind: "delay", method: "GET", ms: 0 });
    upstream.inject({ ...fault, method: "GET", times: Number.POSITIVE_INFINITY });
    upstream.inject({ kind: "drop", store: true });
    expect(await sendDelivery(stack, delivery)).toMatchObject({ ...FAILED, retryAfter: 5 });
    await sleep(1_100);
    expect(await sendDelivery(stack, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 5 });
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

test("the settle time is counted from the start of the call, and told in seconds", async () => {
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "4" } });
  const { upstream } = stack;
  const delivery = createDelivery("SECONDS");
  upstream.inject({ kind: "delay", method: "GET", ms: 0 });
  upstream.inject({ kind: "truncated-body" });
  const start = Date.now();
  expect(await sendDelivery(stack, delivery)).toMatchObject({ ...FAILED, retryAfter: 4 });
  await sleep(start + 2_200 - Date.now());
  expect(await sendDelivery(stack, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 2 });
  await sleep(start + 3_200 - Date.now());
  expect(await sendDelivery(stack, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 1 });
  expect(upstream.received().POST).toBe(1);
  await sleep(start + 4_200 - Date.now());
  expect((await sendDelivery(stack, delivery)).status).toBe(200);
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test("a name that is the beginning of others is not confused with them", async () => {
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

test.each([
  ["a name that begins more than a thousand others", "", 1_001],
  ["a name too long to be searched for", "N".repeat(20_000), 0],
])(
  "%s cannot be listed for: it is stored, but an unknown outcome stays 409",
  async (_, suffix, others) => {
    const stack = await startStackForTest();
    const { upstream } = stack;
    const delivery = { ...createDelivery(`MANY${suffix}`), id: "first" };
    for (let count = 0; count < others; count += 1) await createElsewhere(stack, `MANY_${count}`);
    expect((await sendDelivery(stack, delivery)).status).toBe(200);
    upstream.inject({ kind: "drop" });
    const unknown = { status: 409, body: { code: "outcome_unknown", retryable: false } };
    const lost = { ...delivery, id: "lost", value: "another" };
    for (const _ of [1, 2]) expect(await sendDelivery(stack, lost)).toMatchObject(unknown);
    await sleep(1_100);
    expect(await sendDelivery(stack, lost)).toMatchObject(unknown);
    expect(upstream.received().POST).toBe(others + 2);
  },
);

async function createElsewhere(stack: TestStack, name: string): Promise<void> {
  const headers = { "xi-api-key": stack.apiKey };
  const body = JSON.stringify({ type: "new", name, value: "v" });
  const request = new Request(`${stack.upstreamUrl}/v1/convai/secrets`, {
    method: "POST",
    headers,
    body,
  });
  await stack.upstream.fetch(request);
}
