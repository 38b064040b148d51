import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { API_KEY } from "../node/rig.ts";
import { send } from "./support/delivery.ts";
import { type PersistentRig, startPersistent } from "./support/rig.ts";

const UNSETTLED = { status: 503, body: { code: "outcome_unsettled", outcome: "unknown" } };
const FAILED = { status: 502, body: { code: "upstream_failed", outcome: "unknown" } };

function createDelivery(rig: PersistentRig, name: string) {
  return { sender: rig, name, value: "v", id: `id-${name}` };
}

test("the listing before fails: the ordinary path works", async () => {
  const rig = await startPersistent();
  rig.upstream.upstream.inject({ kind: "answer", method: "GET", status: 500 });
  expect((await send(rig, createDelivery(rig, "BLIND"))).status).toBe(200);
});

test("the listing before fails, then the outcome is unknown: a secret of the name may be anybody's", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const delivery = createDelivery(rig, "ANYBODY");
  upstream.inject({ kind: "answer", method: "GET", status: 500 });
  upstream.inject({ kind: "answer", status: 502, store: true });
  const unknown = { status: 409, body: { code: "outcome_unknown", retryable: false } };
  for (const _ of [1, 2]) expect(await send(rig, delivery)).toMatchObject(unknown);
  expect(upstream.received().POST).toBe(1);
});

test("the listing before fails, nothing is stored: settled by there being no such secret at all", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const delivery = createDelivery(rig, "NONE");
  upstream.inject({ kind: "answer", method: "GET", status: 500 });
  upstream.inject({ kind: "drop" });
  expect(await send(rig, delivery)).toMatchObject(FAILED);
  expect(await send(rig, delivery)).toMatchObject(UNSETTLED);
  await sleep(1_000);
  expect((await send(rig, delivery)).status).toBe(200);
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test.each([
  ["drops the connection", { kind: "drop" }],
  ["is malformed", { kind: "malformed-json" }],
  ["asks to slow down", { kind: "answer", status: 429 }],
] as const)(
  "the listing after %s: the outcome stays open past the settle time, nothing is sent",
  async (_, fault) => {
    const rig = await startPersistent();
    const { upstream } = rig.upstream;
    const delivery = createDelivery(rig, "OPEN");
    upstream.inject({ kind: "delay", method: "GET", ms: 0 });
    upstream.inject({ ...fault, method: "GET", times: Number.POSITIVE_INFINITY });
    upstream.inject({ kind: "drop", store: true });
    expect(await send(rig, delivery)).toMatchObject({ ...FAILED, retryAfter: 5 });
    await sleep(1_100);
    expect(await send(rig, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 5 });
    expect(upstream.received().POST).toBe(1);

    upstream.clearFaults();
    const [secret] = upstream.secrets();
    expect(await send(rig, delivery)).toMatchObject({
      status: 200,
      body: { secret_id: secret?.secret_id },
    });
    expect(upstream.received().POST).toBe(1);
  },
);

test("the settle time is counted from the start of the call, and told in seconds", async () => {
  const rig = await startPersistent({ SETTLE_SECONDS: "4" });
  const { upstream } = rig.upstream;
  const delivery = createDelivery(rig, "SECONDS");
  upstream.inject({ kind: "delay", method: "GET", ms: 0 });
  upstream.inject({ kind: "truncated-body" });
  const start = Date.now();
  expect(await send(rig, delivery)).toMatchObject({ ...FAILED, retryAfter: 4 });
  await sleep(start + 2_200 - Date.now());
  expect(await send(rig, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 2 });
  await sleep(start + 3_200 - Date.now());
  expect(await send(rig, delivery)).toMatchObject({ ...UNSETTLED, retryAfter: 1 });
  expect(upstream.received().POST).toBe(1);
  await sleep(start + 4_200 - Date.now());
  expect((await send(rig, delivery)).status).toBe(200);
  expect([upstream.received().POST, upstream.secrets().length]).toEqual([2, 1]);
});

test("a name that is the beginning of others is not confused with them", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  for (const name of ["PREFIX_1", "PREFIX_2", "PREFIX"]) {
    expect((await send(rig, createDelivery(rig, name))).status).toBe(200);
  }
  upstream.inject({ kind: "drop", store: true });
  const answer = await send(rig, { ...createDelivery(rig, "PREFIX"), id: "second", value: "2" });
  const secret = upstream.secrets().find(({ value }) => value === "2");
  expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
});

test.each([
  ["a name that begins more than a thousand others", "", 1_001],
  ["a name too long to be searched for", "N".repeat(20_000), 0],
])(
  "%s cannot be listed for: it is stored, but an unknown outcome stays 409",
  async (_, suffix, others) => {
    const rig = await startPersistent();
    const { upstream } = rig.upstream;
    const delivery = { ...createDelivery(rig, `MANY${suffix}`), id: "first" };
    for (let count = 0; count < others; count += 1) await createElsewhere(rig, `MANY_${count}`);
    expect((await send(rig, delivery)).status).toBe(200);
    upstream.inject({ kind: "drop" });
    const unknown = { status: 409, body: { code: "outcome_unknown", retryable: false } };
    const lost = { ...delivery, id: "lost", value: "another" };
    for (const _ of [1, 2]) expect(await send(rig, lost)).toMatchObject(unknown);
    await sleep(1_100);
    expect(await send(rig, lost)).toMatchObject(unknown);
    expect(upstream.received().POST).toBe(others + 2);
  },
);

async function createElsewhere({ upstream }: PersistentRig, name: string): Promise<void> {
  const headers = { "xi-api-key": API_KEY };
  const body = JSON.stringify({ type: "new", name, value: "v" });
  const request = new Request(`${upstream.url}/v1/convai/secrets`, {
    method: "POST",
    headers,
    body,
  });
  await upstream.upstream.fetch(request);
}
