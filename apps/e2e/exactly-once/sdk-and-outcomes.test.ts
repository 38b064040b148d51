import { sendDelivery, type TestStack } from "@convai-secrets/testing";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createElsewhere } from "../support/create-elsewhere.ts";
import { startStack } from "../support/start-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.upstream.clearFaults();
  stack.upstream.setApiKeys({ [stack.apiKey]: ["convai_write", "convai_read"] });
});

const posts = (name: string) => stack.upstream.received().postsByName[name] ?? 0;
const secrets = (name: string) => stack.upstream.secrets().filter((secret) => secret.name === name);
const inject: TestStack["upstream"]["inject"] = (fault) => stack.upstream.inject(fault);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("one id, one secret", () => {
  test("without an id, the same secret again is the same delivery, another value is not", async () => {
    const first = await sendDelivery(stack, { name: "DERIVED", value: "v1" });
    const again = await sendDelivery(stack, { name: "DERIVED", value: "v1" });
    const other = await sendDelivery(stack, { name: "DERIVED", value: "v2" });
    expect(first.replayed).toBe(false);
    expect(again).toMatchObject({ status: 200, replayed: true, body: first.body });
    expect(other).toMatchObject({ status: 200, replayed: false });
    expect(secrets("DERIVED").map(({ value }) => value)).toEqual(["v1", "v2"]);
  });

  test("a delivery that the upstream rejected is a new attempt", async () => {
    inject({ kind: "answer", status: 422, name: "AFRESH" });
    const key = "afresh";
    expect((await sendDelivery(stack, { name: "AFRESH", value: "v", id: key })).status).toBe(422);
    expect(await sendDelivery(stack, { name: "AFRESH", value: "v", id: key })).toMatchObject({
      status: 200,
      replayed: false,
    });
    expect(secrets("AFRESH")).toHaveLength(1);
  });
});

describe("an unknown outcome is settled and not sent again", () => {
  test("a create that was stored and answered with 502 is found by listing within the same request", async () => {
    inject({ kind: "answer", status: 502, store: true, name: "FOUND" });
    const answer = await sendDelivery(stack, { name: "FOUND", value: "v" });
    const [secret] = secrets("FOUND");
    expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
    expect(posts("FOUND")).toBe(1);
  });

  test("an older secret of the same name is not used", async () => {
    await sendDelivery(stack, { name: "OLDER", value: "v1" });
    inject({ kind: "drop", store: true, name: "OLDER" });
    const answer = await sendDelivery(stack, { name: "OLDER", value: "v2" });
    const second = secrets("OLDER").find(({ value }) => value === "v2");
    expect(answer).toMatchObject({ status: 200, body: { secret_id: second?.secret_id } });
  });

  test("an older secret of the same name that someone else created is not used", async () => {
    await createElsewhere(stack, "ELSEWHERE");
    inject({ kind: "drop", store: true, name: "ELSEWHERE" });
    const answer = await sendDelivery(stack, { name: "ELSEWHERE", value: "v" });
    const ours = secrets("ELSEWHERE").find(({ value }) => value === "v");
    expect(answer).toMatchObject({ status: 200, body: { secret_id: ours?.secret_id } });
  });

  test("a create that was dropped before it was stored is sent again once it can no longer be running", async () => {
    inject({ kind: "drop", name: "DROPPED" });
    const key = "dropped";
    const first = await sendDelivery(stack, { name: "DROPPED", value: "v", id: key });
    expect(first).toMatchObject({ status: 502, body: { outcome: "unknown" } });
    const early = await sendDelivery(stack, { name: "DROPPED", value: "v", id: key });
    expect(early).toMatchObject({
      status: 503,
      body: { code: "outcome_unsettled" },
    });
    expect(posts("DROPPED")).toBe(1);
    await sleep((early.retryAfter ?? 0) * 1_000);
    expect(await sendDelivery(stack, { name: "DROPPED", value: "v", id: key })).toMatchObject({
      status: 200,
    });
    expect(posts("DROPPED")).toBe(2);
    expect(secrets("DROPPED")).toHaveLength(1);
  });

  test("a create that was stored late is found and not sent again", async () => {
    inject({ kind: "drop", store: { afterMs: 500 }, name: "LATE" });
    const key = "late";
    expect((await sendDelivery(stack, { name: "LATE", value: "v", id: key })).status).toBe(502);
    await sleep(1_000);
    expect((await sendDelivery(stack, { name: "LATE", value: "v", id: key })).status).toBe(200);
    expect([posts("LATE"), secrets("LATE").length]).toEqual([1, 1]);
  });

  test("with two candidates the outcome is unknown, and a new id stores the secret", async () => {
    inject({ kind: "hang", store: true, name: "TWO" });
    const key = "two";
    const first = sendDelivery(stack, { name: "TWO", value: "v", id: key });
    await expect.poll(() => secrets("TWO").length, { timeout: 10_000 }).toBe(1);
    await createElsewhere(stack, "TWO");
    const unknown = { status: 409, body: { code: "outcome_unknown", retryable: false } };
    expect(await first).toMatchObject(unknown);
    expect(await sendDelivery(stack, { name: "TWO", value: "v", id: key })).toMatchObject(unknown);
    expect((await sendDelivery(stack, { name: "TWO", value: "v", id: "two-again" })).status).toBe(
      200,
    );
  });

  test("with an API key that may not list, secrets are stored and an unknown outcome is 409", async () => {
    stack.upstream.setApiKeys({ [stack.apiKey]: ["convai_write"] });
    expect((await sendDelivery(stack, { name: "BLIND", value: "v1" })).status).toBe(200);
    inject({ kind: "answer", status: 502, store: true, name: "BLIND" });
    for (const _ of [1, 2]) {
      expect(await sendDelivery(stack, { name: "BLIND", value: "v2" })).toMatchObject({
        status: 409,
        body: { code: "outcome_unknown" },
      });
    }
    expect((await sendDelivery(stack, { name: "BLIND", value: "v2", id: "new" })).status).toBe(200);
    expect(posts("BLIND")).toBe(3);
  });
});

describe("the official SDK with its default retries", () => {
  const inWorker = (headers: Record<string, string> = {}) =>
    new ElevenLabsClient({ baseUrl: stack.url, apiKey: stack.sender.token, headers });

  test("the official SDK without the Worker leaves three secrets if ElevenLabs stores each call and answers 502", async () => {
    inject({ kind: "answer", status: 502, store: true, times: 3, name: "SDK_DIRECT" });
    const client = new ElevenLabsClient({ baseUrl: stack.upstreamUrl, apiKey: stack.apiKey });
    const call = client.conversationalAi.secrets.create({ name: "SDK_DIRECT", value: "v" });
    await expect(call).rejects.toThrow();
    expect(secrets("SDK_DIRECT")).toHaveLength(3);
  });

  test.each([{}, { "Idempotency-Key": "sdk-1" }])(
    "the official SDK with the headers %o stores one secret through the Worker, and its call returns it",
    async (headers) => {
      const name = `SDK_${Object.keys(headers).length}`;
      inject({ kind: "answer", status: 502, store: true, name });
      const stored = await inWorker(headers).conversationalAi.secrets.create({ name, value: "v" });
      expect(stored.secretId).toBe(secrets(name)[0]?.secret_id);
      expect(secrets(name)).toHaveLength(1);
    },
  );

  test("the official SDK stores one secret despite a dropped connection", async () => {
    inject({ kind: "drop", name: "SDK_DROP" });
    const stored = await inWorker().conversationalAi.secrets.create({
      name: "SDK_DROP",
      value: "v",
    });
    expect(secrets("SDK_DROP").map(({ secret_id }) => secret_id)).toEqual([stored.secretId]);
  });
});
