import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { API_KEY, create, type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => {
  rig.upstream.upstream.clearFaults();
  rig.upstream.upstream.setApiKeys({ [API_KEY]: ["convai_write", "convai_read"] });
});

const posts = (name: string) => rig.upstream.upstream.received().postsByName[name] ?? 0;
const secrets = (name: string) =>
  rig.upstream.upstream.secrets().filter((secret) => secret.name === name);
const inject: Rig["upstream"]["upstream"]["inject"] = (fault) =>
  rig.upstream.upstream.inject(fault);
/** Creates a secret past the Worker, as anybody with the API key can. */
const createElsewhere = (name: string) =>
  fetch(`${rig.upstream.url}/v1/convai/secrets`, {
    method: "POST",
    headers: { "xi-api-key": API_KEY, "content-type": "application/json" },
    body: JSON.stringify({ type: "new", name, value: "by somebody else" }),
  });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("one id, one secret", () => {
  test("without an id, the same secret again is the same delivery, another value is not", async () => {
    const first = await create(rig, "DERIVED", "v1");
    const again = await create(rig, "DERIVED", "v1");
    const other = await create(rig, "DERIVED", "v2");
    expect(first.replayed).toBe(false);
    expect(again).toMatchObject({ status: 200, replayed: true, body: first.body });
    expect(other).toMatchObject({ status: 200, replayed: false });
    expect(secrets("DERIVED").map(({ value }) => value)).toEqual(["v1", "v2"]);
  });

  test("what upstream refused is tried afresh", async () => {
    inject({ kind: "answer", status: 422, name: "AFRESH" });
    const key = { "idempotency-key": "afresh" };
    expect((await create(rig, "AFRESH", "v", key)).status).toBe(422);
    expect(await create(rig, "AFRESH", "v", key)).toMatchObject({ status: 200, replayed: false });
    expect(secrets("AFRESH")).toHaveLength(1);
  });
});

describe("an outcome nobody knows is settled, not sent again", () => {
  test("stored, then 502: found by listing within the same request", async () => {
    inject({ kind: "answer", status: 502, store: true, name: "FOUND" });
    const answer = await create(rig, "FOUND", "v");
    const [secret] = secrets("FOUND");
    expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
    expect(posts("FOUND")).toBe(1);
  });

  test("an older secret of the same name is not taken for it", async () => {
    await create(rig, "OLDER", "v1");
    inject({ kind: "drop", store: true, name: "OLDER" });
    const answer = await create(rig, "OLDER", "v2");
    const second = secrets("OLDER").find(({ value }) => value === "v2");
    expect(answer).toMatchObject({ status: 200, body: { secret_id: second?.secret_id } });
  });

  test("nor is one of the same name made elsewhere before", async () => {
    await createElsewhere("ELSEWHERE");
    inject({ kind: "drop", store: true, name: "ELSEWHERE" });
    const answer = await create(rig, "ELSEWHERE", "v");
    const ours = secrets("ELSEWHERE").find(({ value }) => value === "v");
    expect(answer).toMatchObject({ status: 200, body: { secret_id: ours?.secret_id } });
  });

  test("dropped before storing: 502, then 503 with the seconds left, then sent again once", async () => {
    inject({ kind: "drop", name: "DROPPED" });
    const key = { "idempotency-key": "dropped" };
    const first = await create(rig, "DROPPED", "v", key);
    expect(first).toMatchObject({ status: 502, retryAfter: 1, body: { outcome: "unknown" } });
    const early = await create(rig, "DROPPED", "v", key);
    expect(early).toMatchObject({
      status: 503,
      retryAfter: 1,
      body: { code: "outcome_unsettled" },
    });
    expect(posts("DROPPED")).toBe(1);
    await sleep(1_000);
    expect(await create(rig, "DROPPED", "v", key)).toMatchObject({ status: 200 });
    expect(posts("DROPPED")).toBe(2);
    expect(secrets("DROPPED")).toHaveLength(1);
  });

  test("stored late, within the settle time: found, not sent again", async () => {
    inject({ kind: "drop", store: { afterMs: 500 }, name: "LATE" });
    const key = { "idempotency-key": "late" };
    expect((await create(rig, "LATE", "v", key)).status).toBe(502);
    await sleep(1_000);
    expect((await create(rig, "LATE", "v", key)).status).toBe(200);
    expect([posts("LATE"), secrets("LATE").length]).toEqual([1, 1]);
  });

  test("two candidates: nobody can tell which, 409 until a new id", async () => {
    inject({ kind: "hang", store: true, name: "TWO" });
    const key = { "idempotency-key": "two" };
    const first = create(rig, "TWO", "v", key);
    await sleep(200);
    await createElsewhere("TWO");
    const unknown = { status: 409, body: { code: "outcome_unknown", retryable: false } };
    expect(await first).toMatchObject(unknown);
    expect(await create(rig, "TWO", "v", key)).toMatchObject(unknown);
    expect((await create(rig, "TWO", "v", { "idempotency-key": "two-again" })).status).toBe(200);
  });

  test("a key that may not list: the ordinary path works, an unknown outcome stays 409", async () => {
    rig.upstream.upstream.setApiKeys({ [API_KEY]: ["convai_write"] });
    expect((await create(rig, "BLIND", "v1")).status).toBe(200);
    inject({ kind: "answer", status: 502, store: true, name: "BLIND" });
    for (const _ of [1, 2]) {
      expect(await create(rig, "BLIND", "v2")).toMatchObject({
        status: 409,
        body: { code: "outcome_unknown" },
      });
    }
    expect((await create(rig, "BLIND", "v2", { "idempotency-key": "new" })).status).toBe(200);
    expect(posts("BLIND")).toBe(3);
  });
});

describe("the official SDK with its default retries", () => {
  const inWorker = (headers: Record<string, string> = {}) =>
    new ElevenLabsClient({ baseUrl: rig.worker().url, apiKey: rig.token, headers });

  test("straight at an upstream that stores and answers 502 it leaves three secrets", async () => {
    inject({ kind: "answer", status: 502, store: true, times: 3, name: "SDK_DIRECT" });
    const client = new ElevenLabsClient({ baseUrl: rig.upstream.url, apiKey: API_KEY });
    const call = client.conversationalAi.secrets.create({ name: "SDK_DIRECT", value: "v" });
    await expect(call).rejects.toThrow();
    expect(secrets("SDK_DIRECT")).toHaveLength(3);
  });

  test.each([{}, { "Idempotency-Key": "sdk-1" }])(
    "through the Worker, with %o, it leaves one, and its call returns it",
    async (headers) => {
      const name = `SDK_${Object.keys(headers).length}`;
      inject({ kind: "answer", status: 502, store: true, name });
      const stored = await inWorker(headers).conversationalAi.secrets.create({ name, value: "v" });
      expect(stored.secretId).toBe(secrets(name)[0]?.secret_id);
      expect(secrets(name)).toHaveLength(1);
    },
  );

  test("its retries meet a dropped connection too: one secret", async () => {
    inject({ kind: "drop", name: "SDK_DROP" });
    const stored = await inWorker().conversationalAi.secrets.create({
      name: "SDK_DROP",
      value: "v",
    });
    expect(secrets("SDK_DROP").map(({ secret_id }) => secret_id)).toEqual([stored.secretId]);
  });
});
