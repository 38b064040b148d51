import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { API_KEY } from "./fixtures.ts";
import { lookUp } from "./upstream.ts";
import { create, secretBody, uniqueName, WEBHOOK } from "./worker.ts";

const CANARY = "canary-9c2e";

/** Gives the ledger, which reads the API key for each delivery, another binding for it. */
async function bindKey(key: unknown): Promise<void> {
  await runInDurableObject(env.LEDGER.getByName("workspace"), (ledger) => {
    Object.assign(ledger, { env: { ...env, ELEVENLABS_API_KEY: key } });
  });
}

afterEach(async () => {
  vi.restoreAllMocks();
  await bindKey(API_KEY);
});

test("a delivery uses the API key of a Secrets Store", async () => {
  const get = vi.fn(async () => API_KEY);
  await bindKey({ get });
  const name = uniqueName();
  expect((await create(secretBody(name))).status).toBe(200);
  expect((await lookUp(name)).posts).toBe(1);
  expect(get).toHaveBeenCalled();
});

describe("without a usable API key from the Secrets Store, the answer is 503 misconfigured", () => {
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
    ["gives undefined", async () => undefined],
    ["gives an object", async () => ({ key: CANARY })],
    ["gives a key with a line break", async () => `${CANARY}\n`],
    ["gives a key outside ASCII", async () => `${CANARY}é`],
  ];
  test.each(failures)("a store that %s: nothing is sent and nothing is shown", async (_, get) => {
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
