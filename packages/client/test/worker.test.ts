import { randomUUID } from "node:crypto";
import { startTestStack, type TestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type Delivery,
  DeliveryError,
  deliverSecret,
  listDeliveries,
  type SenderOptions,
} from "../src/index.ts";
import { PROBLEM_CODES } from "../src/problem-codes.ts";
import { failureOf } from "./failures.ts";

let rig: TestStack;
beforeAll(async () => {
  rig = await startTestStack({}, ["CI_*"]);
});
afterAll(() => rig.stop());

const signed = (): SenderOptions => ({ url: rig.url, senderKey: rig.senderKey });
const withToken = (): SenderOptions => ({ url: rig.url, token: rig.token });
const WAYS: [string, () => SenderOptions][] = [
  ["signed", signed],
  ["with a token", withToken],
];

/** A name of its own, so that each test looks at its own secrets. */
const freshName = () => `CI_${randomUUID()}`;
const stored = (name: string) => rig.upstream.secrets().filter((secret) => secret.name === name);

describe.each(WAYS)("the real Worker, %s", (_, options) => {
  test("stores a secret", async () => {
    const name = freshName();
    const delivered = await deliverSecret({ ...options(), name, value: "välue\n" });
    expect(delivered).toMatchObject({ type: "stored", name, replayed: false, attempts: 1 });
    expect(stored(name)).toMatchObject([{ secret_id: delivered.secret_id, value: "välue\n" }]);
  });

  test("takes the same content again for the same delivery", async () => {
    const secret = { ...options(), name: freshName(), value: "value" };
    const first = await deliverSecret(secret);
    const second = await deliverSecret(secret);
    expect(second).toEqual({ ...first, replayed: true });
    expect(stored(secret.name)).toHaveLength(1);
  });

  test("takes the same content under two ids for two deliveries", async () => {
    const secret = { ...options(), name: freshName(), value: "value" };
    const ids = ['"quoted"', "back\\slash"].map((id) => `${id}-${randomUUID()}`);
    for (const id of ids) {
      expect(await deliverSecret({ ...secret, id })).toMatchObject({ id, replayed: false });
      expect(await deliverSecret({ ...secret, id })).toMatchObject({ id, replayed: true });
    }
    expect(stored(secret.name)).toHaveLength(2);
  });

  test("refuses an id used with another value", async () => {
    const secret = { ...options(), name: freshName(), id: randomUUID() };
    await deliverSecret({ ...secret, value: "one" });
    const error = await failureOf(deliverSecret({ ...secret, value: "two" }));
    expect(error).toMatchObject({
      code: "idempotency_key_reused",
      outcome: "not_created",
      status: 422,
      retryable: false,
      attempts: 1,
      requestId: expect.any(String),
    });
  });

  test("refuses a name outside the sender's patterns", async () => {
    const error = await failureOf(deliverSecret({ ...options(), name: "PROD", value: "v" }));
    expect(error).toMatchObject({ code: "name_not_allowed", outcome: "not_created", status: 403 });
  });

  test.each([
    ["stores, then answers 502", { kind: "answer", status: 502, store: true }],
    ["stores, then drops the connection", { kind: "drop", store: true }],
    ["does not store, and answers 502", { kind: "answer", status: 502 }],
    ["drops the connection", { kind: "drop" }],
    ["is busy", { kind: "answer", status: 429, headers: { "retry-after": "1" } }],
  ] as const)("ends with one secret when ElevenLabs %s", async (_title, fault) => {
    const name = freshName();
    rig.upstream.inject({ ...fault, name });
    const delivered = await deliverSecret({ ...options(), name, value: "value" });
    expect(stored(name)).toMatchObject([{ secret_id: delivered.secret_id }]);
  });

  test("ends with one secret when ElevenLabs hangs and the sender has hung up before", async () => {
    const name = freshName();
    rig.upstream.inject({ kind: "delay", ms: 2_000, name, when: "after" });
    const secret = { ...options(), name, value: "value", timeoutMs: 500 };
    const { attempts } = await deliverSecret(secret);
    expect(attempts).toBeGreaterThan(1);
    expect(stored(name)).toHaveLength(1);
  });

  test("says which field ElevenLabs refused", async () => {
    const name = freshName();
    const detail = [{ loc: ["body", "name"], type: "string_too_long", msg: "m", input: name }];
    rig.upstream.inject({ kind: "answer", status: 422, name, body: { detail } });
    const error = await failureOf(deliverSecret({ ...options(), name, value: "value" }));
    expect(error).toMatchObject({
      code: "rejected_by_elevenlabs",
      outcome: "not_created",
      issues: [{ path: "name", message: "is too long" }],
    });
  });

  test("lists what this sender delivered, newest first, over its pages", async () => {
    const names = Array.from({ length: 3 }, freshName);
    for (const name of names) await deliverSecret({ ...options(), name, value: "value" });
    const listed: Delivery[] = [];
    for await (const delivery of listDeliveries({ ...options(), limit: 3 })) listed.push(delivery);
    expect(listed.map(({ name }) => name)).toEqual(names.toReversed());
    expect(listed[0]).toMatchObject({ state: "stored", attempts: 1 });
    expect(listed[0]?.secret_id).toBe(stored(names[2] ?? "")[0]?.secret_id);
  });
});

test("an unknown credential is refused once, and is not retried", async () => {
  const senderKey = `whsec_${Buffer.alloc(32).toString("base64")}`;
  const options = { url: rig.url, senderKey };
  const error = await failureOf(deliverSecret({ ...options, name: "CI_X", value: "v" }));
  expect(error).toMatchObject({ code: "unauthenticated", status: 401, attempts: 1 });
  const listing = await failureOf(listDeliveries(options).next());
  expect(listing).toMatchObject({ code: "unauthenticated", outcome: "not_created" });
});

test("a clock that is off is not cured by another try", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 301_000 });
  onTestFinished(() => void vi.useRealTimers());
  const error = await failureOf(deliverSecret({ ...signed(), name: freshName(), value: "v" }));
  expect(error).toMatchObject({ code: "stale_timestamp", outcome: "not_created", attempts: 1 });
});

test("a Worker whose key is refused is not asked again", async () => {
  const name = freshName();
  rig.upstream.inject({ kind: "answer", status: 401, name });
  const error = await failureOf(deliverSecret({ ...signed(), name, value: "v" }));
  expect(error).toMatchObject({ code: "upstream_key_refused", status: 502, attempts: 1 });
  expect(error).toMatchObject({ outcome: "not_created", retryable: false });
});

test("a path that is not the Worker's says so", async () => {
  const error = await failureOf(
    deliverSecret({ ...signed(), url: `${rig.url}/other`, name: "CI_X", value: "v" }),
  );
  expect(error).toMatchObject({ code: "not_found", outcome: "not_created", status: 404 });
  expect(error).toBeInstanceOf(DeliveryError);
});

test("every code of the Worker's OpenAPI document is known, and no other", async () => {
  const document = await (await fetch(`${rig.url}/openapi.json`)).text();
  const lists = [...document.matchAll(/"code":\{"enum":\[([^\]]*)\]/g)];
  expect(lists.length).toBeGreaterThan(0);
  const codes = lists.flatMap(([, list]) => JSON.parse(`[${list}]`) as string[]);
  expect(new Set(codes)).toEqual(new Set(PROBLEM_CODES));
});
