import { randomUUID } from "node:crypto";
import { type DeliverySummary, PROBLEM_CODES } from "@convai-secrets/protocol";
import { createTestSender, startTestStack, type TestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { DeliveryError, deliverSecret, listDeliveries, type SenderOptions } from "../src/index.ts";
import { failureOf } from "./failure-of.ts";

let stack: TestStack;
beforeAll(async () => {
  const sender = await createTestSender("ci", { names: ["CI_*"] });
  stack = await startTestStack({ senders: [sender] });
});
afterAll(() => stack.stop());

const signed = (): SenderOptions => ({ url: stack.url, signingSecret: stack.sender.signingSecret });
const withToken = (): SenderOptions => ({ url: stack.url, token: stack.sender.token });
const WAYS: [string, () => SenderOptions][] = [
  ["signed", signed],
  ["with a token", withToken],
];

/** A name of its own, so that each test looks at its own secrets. */
const freshName = () => `CI_${randomUUID()}`;
const stored = (name: string) => stack.upstream.secrets().filter((secret) => secret.name === name);

describe.each(WAYS)("deliveries to the built Worker, %s", (_, options) => {
  test("a secret is stored", async () => {
    const name = freshName();
    const delivered = await deliverSecret({ ...options(), name, value: "välue\n" });
    expect(delivered).toMatchObject({ type: "stored", name, result: "created", attempts: 1 });
    expect(stored(name)).toMatchObject([{ secret_id: delivered.secret_id, value: "välue\n" }]);
  });

  test("the same content again is a replay", async () => {
    const secret = { ...options(), name: freshName(), value: "value" };
    const first = await deliverSecret(secret);
    const second = await deliverSecret(secret);
    expect(second).toEqual({ ...first, result: "replayed" });
    expect(stored(secret.name)).toHaveLength(1);
  });

  test("the same content under two ids is two deliveries", async () => {
    const secret = { ...options(), name: freshName(), value: "value" };
    const ids = ['"quoted"', "back\\slash"].map((id) => `${id}-${randomUUID()}`);
    for (const id of ids) {
      expect(await deliverSecret({ ...secret, id })).toMatchObject({ id, result: "created" });
      expect(await deliverSecret({ ...secret, id })).toMatchObject({ id, result: "replayed" });
    }
    expect(stored(secret.name)).toHaveLength(2);
  });

  test("an id that was used with another value is rejected", async () => {
    const secret = { ...options(), name: freshName(), id: randomUUID() };
    await deliverSecret({ ...secret, value: "one" });
    const error = await failureOf(deliverSecret({ ...secret, value: "two" }));
    expect(error).toMatchObject({
      code: "idempotency_key_reused",
      outcome: "not_applied",
      status: 422,
      retryable: false,
      attempts: 1,
      requestId: expect.any(String),
    });
  });

  test("a name outside the sender's patterns is rejected", async () => {
    const error = await failureOf(deliverSecret({ ...options(), name: "PROD", value: "v" }));
    expect(error).toMatchObject({ code: "name_not_allowed", outcome: "not_applied", status: 403 });
  });

  test.each([
    ["stores, then answers 502", { kind: "answer", status: 502, store: true }],
    ["stores, then drops the connection", { kind: "drop", store: true }],
    ["does not store, and answers 502", { kind: "answer", status: 502 }],
    ["drops the connection", { kind: "drop" }],
    ["is busy", { kind: "answer", status: 429, headers: { "retry-after": "1" } }],
  ] as const)("one secret exists if ElevenLabs %s", async (_title, fault) => {
    const name = freshName();
    stack.upstream.inject({ ...fault, name });
    const delivered = await deliverSecret({ ...options(), name, value: "value" });
    expect(stored(name)).toMatchObject([{ secret_id: delivered.secret_id }]);
  });

  test("one secret exists if ElevenLabs answers after the sender's time limit", async () => {
    const name = freshName();
    stack.upstream.inject({ kind: "delay", ms: 2_000, name, when: "after" });
    const secret = { ...options(), name, value: "value", timeoutMs: 500 };
    const { attempts } = await deliverSecret(secret);
    expect(attempts).toBeGreaterThan(1);
    expect(stored(name)).toHaveLength(1);
  });

  test("the error names the field that ElevenLabs rejected", async () => {
    const name = freshName();
    const detail = [{ loc: ["body", "name"], type: "string_too_long", msg: "m", input: name }];
    stack.upstream.inject({ kind: "answer", status: 422, name, body: { detail } });
    const error = await failureOf(deliverSecret({ ...options(), name, value: "value" }));
    expect(error).toMatchObject({
      code: "rejected_by_elevenlabs",
      outcome: "not_applied",
      issues: [{ path: "name", message: "is too long" }],
    });
  });

  test("this sender's deliveries are listed, newest first", async () => {
    const names = Array.from({ length: 3 }, freshName);
    for (const name of names) await deliverSecret({ ...options(), name, value: "value" });
    const listed: DeliverySummary[] = [];
    for await (const delivery of listDeliveries({ ...options(), limit: 3 })) listed.push(delivery);
    expect(listed.map(({ name }) => name)).toEqual(names.toReversed());
    expect(listed[0]).toMatchObject({ state: "stored", attempts: 1 });
    expect(listed[0]?.secret_id).toBe(stored(names[2] ?? "")[0]?.secret_id);
  });
});

test("an unknown credential is not retried", async () => {
  const signingSecret = `whsec_${Buffer.alloc(32).toString("base64")}`;
  const options = { url: stack.url, signingSecret };
  const error = await failureOf(deliverSecret({ ...options, name: "CI_X", value: "v" }));
  expect(error).toMatchObject({ code: "unauthenticated", status: 401, attempts: 1 });
  const listing = await failureOf(listDeliveries(options).next());
  expect(listing).toMatchObject({ code: "unauthenticated", outcome: "not_applied" });
});

test("a wrong clock is not retried", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 301_000 });
  onTestFinished(() => void vi.useRealTimers());
  const error = await failureOf(deliverSecret({ ...signed(), name: freshName(), value: "v" }));
  expect(error).toMatchObject({ code: "stale_timestamp", outcome: "not_applied", attempts: 1 });
});

test("a rejected API key is not retried", async () => {
  const name = freshName();
  stack.upstream.inject({ kind: "answer", status: 401, name });
  const error = await failureOf(deliverSecret({ ...signed(), name, value: "v" }));
  expect(error).toMatchObject({ code: "upstream_key_refused", status: 502, attempts: 1 });
  expect(error).toMatchObject({ outcome: "not_applied", retryable: false });
});

test("a path that the Worker does not serve is not_found", async () => {
  const error = await failureOf(
    deliverSecret({ ...signed(), url: `${stack.url}/other`, name: "CI_X", value: "v" }),
  );
  expect(error).toMatchObject({ code: "not_found", outcome: "not_applied", status: 404 });
  expect(error).toBeInstanceOf(DeliveryError);
});

test("the codes of the Worker's OpenAPI document are the codes of the table", async () => {
  const document = await (await fetch(`${stack.url}/openapi.json`)).text();
  const lists = [...document.matchAll(/"code":\{"enum":\[([^\]]*)\]/g)];
  expect(lists.length).toBeGreaterThan(0);
  const codes = lists.flatMap(([, list]) => JSON.parse(`[${list}]`) as string[]);
  expect(new Set(codes)).toEqual(new Set(PROBLEM_CODES));
});
