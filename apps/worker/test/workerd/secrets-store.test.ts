import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { API_KEY } from "./fixtures.ts";
import { lookUp } from "./upstream.ts";
import { create, secretBody, uniqueName, WEBHOOK } from "./worker.ts";

const CANARY = "canary-9c2e";

/** Gives the sender's ledger, which alone reads the key, another binding for it. */
async function bindKey(key: unknown): Promise<void> {
  await runInDurableObject(env.LEDGER.getByName("main"), (ledger) => {
    Object.assign(ledger, { env: { ...env, ELEVENLABS_API_KEY: key } });
  });
}

afterEach(async () => {
  vi.restoreAllMocks();
  await bindKey(API_KEY);
});

test("a key in a Secrets Store works as one in a Worker secret does", async () => {
  const get = vi.fn(async () => API_KEY);
  await bindKey({ get });
  const name = uniqueName();
  expect((await create(secretBody(name))).status).toBe(200);
  expect((await lookUp(name)).posts).toBe(1);
  expect(get).toHaveBeenCalled();
});

describe("a Secrets Store that does not give a key is a broken configuration", () => {
  const failures: [string, () => unknown][] = [
    [
      "fails",
      async () => {
        throw new Error(`no such secret: ${CANARY}`);
      },
    ],
    [
      "throws at once",
      () => {
        throw new Error(CANARY);
      },
    ],
    ["never answers", () => new Promise(() => {})],
    ["gives an empty key", async () => ""],
    ["gives none", async () => undefined],
    ["gives what is no text", async () => ({ key: CANARY })],
    ["gives a key with a line break", async () => `${CANARY}\n`],
    ["gives a key outside ASCII", async () => `${CANARY}é`],
  ];
  test.each(failures)("one that %s: 503, nothing sent, nothing shown", async (_, get) => {
    const logged = (["log", "warn", "error"] as const).map((level) =>
      vi.spyOn(console, level).mockReturnValue(),
    );
    await bindKey({ get });
    const name = uniqueName();
    const answer = await create(secretBody(name));
    expect(answer).toMatchObject({
      status: 503,
      body: { code: "misconfigured", outcome: "not_applied", retryable: true },
    });
    expect((await lookUp(name)).posts).toBe(0);
    const calls = JSON.stringify(logged.map(({ mock }) => mock.calls));
    expect(`${answer.text}${calls}`).not.toContain(CANARY);

    await bindKey(API_KEY);
    expect((await create(secretBody(name))).status).toBe(200);
  });
});

test.each<[string, () => Promise<string>, number]>([
  ["gives the API key", async () => API_KEY, 200],
  ["does not have it", async () => Promise.reject(new Error("not found")), 503],
])("GET /healthz with a Secrets Store that %s: %i", async (_, get, status) => {
  const bindings = { ...env, ELEVENLABS_API_KEY: { get } } as unknown as Env;
  const health = await worker.fetch(new Request(new URL("/healthz", WEBHOOK)), bindings);
  expect(health.status).toBe(status);
});
