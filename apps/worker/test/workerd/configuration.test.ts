import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { API_KEY, SENDERS, TOKEN } from "./fixtures.ts";
import { secretBody, WEBHOOK } from "./worker.ts";

type Overrides = Readonly<Record<string, unknown>>;

/** Calls the Worker with other bindings than it is deployed with. */
async function call(overrides: Overrides, url = "https://worker.test/healthz") {
  const all = Object.entries({ ...env, ...overrides });
  const bindings = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  const init = {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: secretBody(),
  };
  const request = new Request(url, url.endsWith("/healthz") ? {} : init);
  const response = await worker.fetch(request, bindings as unknown as Env);
  return { status: response.status, body: await response.json<Record<string, unknown>>() };
}

const senders = (...list: unknown[]) => ({ SENDERS: JSON.stringify(list) });
const [MAIN] = SENDERS;
const HASH = `sha256:${"0".repeat(64)}`;
const CANARY = "canary-4d1b";

afterEach(() => vi.restoreAllMocks());

test("GET /healthz answers ok for a valid configuration", async () => {
  expect(await call({})).toEqual({ status: 200, body: { status: "ok" } });
});

describe("an invalid binding is named by /healthz and the log without its value", () => {
  const cases: [string, Overrides, string, string][] = [
    ["no key", { ELEVENLABS_API_KEY: undefined }, "ELEVENLABS_API_KEY", "is missing"],
    [
      "an empty key",
      { ELEVENLABS_API_KEY: "" },
      "ELEVENLABS_API_KEY",
      "must be an API key of visible",
    ],
    [
      "a key with a line break",
      { ELEVENLABS_API_KEY: `${CANARY}\n` },
      "ELEVENLABS_API_KEY",
      "must be an API key",
    ],
    ["no senders", { SENDERS: undefined }, "SENDERS", "is missing"],
    ["no ledger", { LEDGER: undefined }, "LEDGER", "is missing"],
    ["no ledger key", { LEDGER_KEY: undefined }, "LEDGER_KEY", "is missing"],
    ["senders that are not JSON", { SENDERS: `[{"id":"${CANARY}` }, "SENDERS", "must be JSON"],
    ["no senders in the list", senders(), "SENDERS", "must name at least one sender"],
    [
      "a malformed id",
      senders({ id: CANARY.toUpperCase(), tokenHashes: [HASH] }),
      "SENDERS.0.id",
      "must be 1 to 64",
    ],
    [
      "a duplicate id",
      senders(MAIN, { id: "main", tokenHashes: [HASH] }),
      "SENDERS",
      "must not contain duplicate ids",
    ],
    ["no credential", senders({ id: "a" }), "SENDERS.0", "must have a credential"],
    [
      "a duplicate credential",
      senders(MAIN, { ...MAIN, id: "b" }),
      "SENDERS",
      "must not contain duplicate signing secrets",
    ],
    [
      "a short signing secret",
      senders({ id: "a", signingSecrets: [`whsec_${btoa(CANARY)}`] }),
      "SENDERS.0.signingSecrets.0",
      "must be whsec_ and the base64 of 24 to 64 bytes",
    ],
    [
      "a token instead of its hash",
      senders({ id: "a", tokenHashes: [TOKEN] }),
      "SENDERS.0.tokenHashes.0",
      "must be sha256:",
    ],
    [
      "a misspelt field",
      senders({ id: "a", tokenHashes: [HASH], name: ["*"] }),
      "SENDERS.0.name",
      "is not a known field",
    ],
    [
      "an http address",
      { ELEVENLABS_BASE_URL: `http://${CANARY}.test` },
      "ELEVENLABS_BASE_URL",
      "must use https unless",
    ],
    [
      "no address",
      { ELEVENLABS_BASE_URL: CANARY },
      "ELEVENLABS_BASE_URL",
      "must be an absolute URL",
    ],
    ["another value of RECONCILE", { RECONCILE: CANARY }, "RECONCILE", 'must be "on" or "off"'],
    [
      "a settle time that is not a number",
      { SETTLE_SECONDS: CANARY },
      "SETTLE_SECONDS",
      "must be a",
    ],
    ["a retention of 0 days", { LEDGER_RETENTION_DAYS: "0" }, "LEDGER_RETENTION_DAYS", "must be a"],
    [
      "a retention shorter than the settle time",
      { LEDGER_RETENTION_DAYS: "0.0006", SETTLE_SECONDS: "60" },
      "LEDGER_RETENTION_DAYS",
      "must not be shorter than SETTLE_SECONDS",
    ],
  ];
  let now = Date.now();
  test.each(cases)("the configuration with %s is invalid", async (_, overrides, path, rule) => {
    // The log repeats the same issues only after a minute.
    now += 60_000;
    vi.spyOn(Date, "now").mockReturnValue(now);
    const error = vi.spyOn(console, "error").mockReturnValue();
    const health = await call(overrides);
    expect(health).toMatchObject({ status: 503, body: { code: "misconfigured" } });
    expect(health.body["errors"]).toContainEqual({ path, message: expect.stringContaining(rule) });

    const answer = await call(overrides, WEBHOOK);
    expect(answer).toMatchObject({
      status: 503,
      body: { code: "misconfigured", outcome: "not_applied" },
    });
    expect(answer.body["errors"]).toBeUndefined();

    const logged = JSON.stringify(error.mock.calls);
    expect(logged).toContain(`"path":"${path}"`);
    for (const text of [logged, JSON.stringify(health), JSON.stringify(answer)]) {
      expect(text.toLowerCase()).not.toContain(CANARY);
      expect(text).not.toContain(TOKEN);
    }
  });
});

test.each([
  ["GET", "/openapi.json"],
  ["GET", "/unknown"],
  ["GET", "/operator"],
  ["PUT", "/v1/convai/secrets"],
  ["POST", "/healthz"],
])("%s %s is answered 503 if the configuration is invalid", async (method, path) => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const request = new Request(new URL(path, WEBHOOK), { method });
  const response = await worker.fetch(request, { ...env, SENDERS: "[]" });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: "misconfigured", outcome: "not_applied" });
  expect(error.mock.calls.length).toBeLessThanOrEqual(1);
});

test("an invalid SENDERS of any size names at most 20 issues and logs them once a minute", async () => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const log = vi.spyOn(console, "log").mockReturnValue();
  const overrides = { SENDERS: `[${"0,".repeat(2_400)}0]` };
  const health = await call(overrides);
  expect(health.body["errors"]).toHaveLength(20);
  for (let index = 0; index < 5; index += 1) await call(overrides, WEBHOOK);
  expect(error).toHaveBeenCalledTimes(1);
  expect(error.mock.calls[0]?.[0].issues).toHaveLength(20);
  expect(log).not.toHaveBeenCalled();
});

describe("valid configurations", () => {
  test.each<[string, Overrides]>([
    ["an address of a region", { ELEVENLABS_BASE_URL: "https://api.eu.residency.elevenlabs.io" }],
    ["a loopback address", { ELEVENLABS_BASE_URL: "http://127.0.0.1:4010" }],
    [
      "no vars",
      {
        ELEVENLABS_BASE_URL: undefined,
        RECONCILE: undefined,
        SETTLE_SECONDS: undefined,
        LEDGER_RETENTION_DAYS: undefined,
      },
    ],
    ["numbers for numbers", { SETTLE_SECONDS: 30, LEDGER_RETENTION_DAYS: 1 }],
    ["the longest id", senders({ id: "a".repeat(64), tokenHashes: [HASH] })],
    ["a hash in capitals", senders({ id: "a", tokenHashes: [`sha256:${"A".repeat(64)}`] })],
    ["a key in a Secrets Store", { ELEVENLABS_API_KEY: { get: async () => API_KEY } }],
  ])("the configuration with %s is valid", async (_, overrides) => {
    expect((await call(overrides)).status).toBe(200);
  });
});

describe("the log", () => {
  test("a missing rate limit is logged once per isolate", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    for (let sent = 0; sent < 3; sent += 1) await call({ RATE_LIMITER: undefined }, WEBHOOK);
    expect(warn.mock.calls).toEqual([[{ event: "unlimited", reason: "no RATE_LIMITER binding" }]]);
  });
});
