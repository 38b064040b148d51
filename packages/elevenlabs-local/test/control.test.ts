import { beforeEach, describe, expect, test } from "vitest";
import { createElevenLabsLocal, type ElevenLabsLocal } from "../src/index.ts";

const ORIGIN = "https://api.elevenlabs.test";

let upstream: ElevenLabsLocal;

beforeEach(() => {
  upstream = createElevenLabsLocal();
});

function control(method: string, path: string, body?: unknown) {
  return upstream.fetch(
    new Request(`${ORIGIN}/__control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

function create(name: string, apiKey = "local-api-key") {
  return upstream.fetch(
    new Request(`${ORIGIN}/v1/convai/secrets`, {
      method: "POST",
      headers: { "xi-api-key": apiKey },
      body: JSON.stringify({ type: "new", name, value: "hunter2" }),
    }),
  );
}

describe("control over HTTP", () => {
  test("the state shows secrets with their values, and counts of calls", async () => {
    await create("DB");

    const response = await control("GET", "state");
    expect(await response.json()).toEqual({
      secrets: upstream.secrets(),
      received: {
        total: 1,
        POST: 1,
        GET: 0,
        PATCH: 0,
        DELETE: 0,
        postsByName: { DB: 1 },
        patchesByName: {},
        overlapsByName: {},
      },
    });
    expect(upstream.secrets()).toMatchObject([{ name: "DB", value: "hunter2" }]);
  });

  test("control requests are not counted and get no faults", async () => {
    upstream.inject({ kind: "drop", times: Infinity });
    upstream.inject({ kind: "drop", method: "GET", times: Infinity });

    expect((await control("GET", "state")).status).toBe(200);
    expect((await control("POST", "faults", { kind: "drop" })).status).toBe(204);
    expect(upstream.received().total).toBe(0);
  });

  test("a fault is injected, without end if times is null, and cleared", async () => {
    await control("POST", "faults", { kind: "answer", status: 503, times: null });
    for (let i = 0; i < 3; i += 1) expect((await create("DB")).status).toBe(503);

    expect((await control("DELETE", "faults")).status).toBe(204);
    expect((await create("DB")).status).toBe(200);
  });

  test("API keys and settings are replaced", async () => {
    await control("PUT", "api-keys", { "other-key": ["convai_write"] });
    await control("PUT", "settings", { duplicateNames: "conflict" });

    expect((await create("DB")).status).toBe(401);
    expect((await create("DB", "other-key")).status).toBe(200);
    expect((await create("DB", "other-key")).status).toBe(409);
  });

  test("random faults start and end", async () => {
    await control("PUT", "chaos", { seed: 1, rates: { 429: 1 } });
    expect((await create("DB")).status).toBe(429);

    await control("PUT", "chaos", null);
    expect((await create("DB")).status).toBe(200);
  });

  test("a reset restores the initial state and cancels late calls", async () => {
    upstream.inject({ kind: "answer", status: 502, store: { afterMs: 30 } });
    await create("LATE");
    await create("DB");
    await control("PUT", "api-keys", {});
    await control("POST", "faults", { kind: "drop" });
    await control("PUT", "chaos", { seed: 1, rates: { 429: 1 } });

    expect((await control("POST", "reset")).status).toBe(204);
    expect(upstream.received()).toMatchObject({ total: 0, postsByName: {} });
    expect((await create("NEW")).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(upstream.secrets()).toMatchObject([{ name: "NEW" }]);
  });

  test.each([
    ["an unknown kind", "POST", "faults", { kind: "explode" }],
    ["a misspelled field", "POST", "faults", { kind: "drop", stored: true }],
    ["an invalid status", "POST", "faults", { kind: "answer", status: 999 }],
    ["an unknown permission", "PUT", "api-keys", { key: ["convai_admin"] }],
    ["an unknown setting", "PUT", "settings", { duplicates: "accept" }],
    ["rates over 1", "PUT", "chaos", { seed: 1, rates: { late: 0.6, malformed: 0.6 } }],
  ])("%s is rejected with the reason", async (_, method, path, body) => {
    const response = await control(method, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/\w/) });
  });

  test("a body that is not JSON gets 400, and an unknown control 404", async () => {
    expect((await control("POST", "faults")).status).toBe(400);
    expect((await control("POST", "nothing")).status).toBe(404);
  });
});
