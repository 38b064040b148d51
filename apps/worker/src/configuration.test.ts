import { MAX_STORE_SECRET_BYTES } from "@convai-secrets/protocol";
import { describe, expect, test } from "vitest";
import { loadConfiguration } from "./configuration.ts";

const SENDERS = JSON.stringify([{ id: "a", tokenHashes: [`sha256:${"0".repeat(64)}`] }]);
const LEDGER_KEY = `lk_${"a".repeat(43)}`;
const LEDGER = { getByName() {} };
const REQUIRED = { ELEVENLABS_API_KEY: "key", SENDERS, LEDGER_KEY, LEDGER };
const ACCESS = { team: "https://team.cloudflareaccess.com", aud: "tag" };
const DAY_MS = 86_400_000;

async function load(bindings: object) {
  const { configuration, issues } = await loadConfiguration({ ...REQUIRED, ...bindings });
  return configuration ?? issues;
}

test("variables that are not set have defaults", async () => {
  expect(await load({})).toMatchObject({
    baseUrl: "https://api.elevenlabs.io",
    retentionMs: 7 * DAY_MS,
    reconcile: true,
    settleMs: 60_000,
    senders: [{ id: "a", names: ["*"] }],
  });
});

test("variables that are set replace the defaults", async () => {
  const vars = {
    ELEVENLABS_BASE_URL: "https://api.us.elevenlabs.io/",
    LEDGER_RETENTION_DAYS: "30",
    RECONCILE: "off",
    SETTLE_SECONDS: "90",
  };
  const configuration = await load(vars);
  expect(configuration).toMatchObject({
    baseUrl: "https://api.us.elevenlabs.io",
    retentionMs: 30 * DAY_MS,
    reconcile: false,
    settleMs: 90_000,
  });
});

test("the API key is the Worker secret, or is read from the Secrets Store for each call", async () => {
  let rotations = 0;
  const get = async () => `key-${rotations++}`;
  for (const [binding, keys] of [
    ["key", ["key", "key"]],
    [{ get }, ["key-0", "key-1"]],
  ] as const) {
    const configuration = await load({ ELEVENLABS_API_KEY: binding });
    if (!("apiKey" in configuration)) throw new Error("not valid");
    expect([await configuration.apiKey(), await configuration.apiKey()]).toEqual(keys);
  }
});

test.each([
  ["a path", { team: `${ACCESS.team}/path` }, "team"],
  ["http", { team: "http://team.cloudflareaccess.com" }, "team"],
  ["no aud", { aud: undefined }, "aud"],
  ["an unknown field", { audience: "tag" }, "audience"],
])("OPERATOR_ACCESS with %s is invalid and names the field", async (_, change, field) => {
  const OPERATOR_ACCESS = JSON.stringify({ ...ACCESS, ...change });
  expect(await load({ OPERATOR_ACCESS })).toMatchObject([{ path: `OPERATOR_ACCESS.${field}` }]);
});

test("without OPERATOR_ACCESS there is no verifier of Access assertions", async () => {
  expect(await load({})).toMatchObject({ access: undefined });
  expect(await load({ OPERATOR_ACCESS: ACCESS })).toHaveProperty("access.verify");
});

test("a SENDERS document of more than 64 KiB is invalid", async () => {
  const padded = `${SENDERS}${" ".repeat(MAX_STORE_SECRET_BYTES - SENDERS.length)}`;
  expect(await load({ SENDERS: padded })).toHaveProperty("apiKey");
  expect(await load({ SENDERS: `${padded} ` })).toEqual([
    { path: "SENDERS", rule: `must not exceed ${MAX_STORE_SECRET_BYTES} bytes` },
  ]);
});

describe("senders in a Secrets Store", () => {
  const at = async (get: () => Promise<unknown>, times: readonly number[]) => {
    const bindings = { ...REQUIRED, SENDERS: { get } };
    const loaded = [];
    for (const time of times) loaded.push(await loadConfiguration(bindings, time));
    return loaded.map(({ configuration, issues }) => configuration?.senders ?? issues);
  };

  test("senders in a Secrets Store are read at most once a minute and imported again only if they changed", async () => {
    let reads = 0;
    const texts = [SENDERS, SENDERS, SENDERS.replace('"a"', '"b"')];
    const get = async () => texts[Math.min(reads++, 2)];
    const [first, same, unchanged, changed] = await at(get, [0, 59_999, 60_000, 120_000]);
    expect(reads).toBe(3);
    expect(same).toBe(first);
    expect(unchanged).toBe(first);
    expect(changed).toMatchObject([{ id: "b" }]);
  });

  test("senders in a Secrets Store stay valid while the store fails", async () => {
    let reads = 0;
    const get = async () => {
      reads += 1;
      if (reads > 1) throw new Error("store");
      return SENDERS;
    };
    const [first, later, retried] = await at(get, [0, 60_000, 65_000]);
    expect([later, retried]).toEqual([first, first]);
    expect(reads).toBe(3);
  });

  test("senders that were never read are a configuration issue, until the store answers", async () => {
    let reads = 0;
    const get = async () => {
      reads += 1;
      if (reads === 1) throw new Error("store");
      return SENDERS;
    };
    expect(await at(get, [0, 5_000])).toMatchObject([
      [{ path: "SENDERS", rule: "cannot be read from the Secrets Store" }],
      [{ id: "a" }],
    ]);
  });

  test("senders that are not a text are a configuration issue", async () => {
    expect(await at(async () => ({}), [0])).toEqual([
      [{ path: "SENDERS", rule: "must be a JSON text" }],
    ]);
  });
});

test.each([
  ["SETTLE_SECONDS", "0", false],
  ["SETTLE_SECONDS", "1", true],
  ["SETTLE_SECONDS", "1.5", false],
  ["SETTLE_SECONDS", "86400", true],
  ["SETTLE_SECONDS", "86401", false],
  ["SETTLE_SECONDS", "", false],
  ["LEDGER_RETENTION_DAYS", "3650", true],
  ["LEDGER_RETENTION_DAYS", "3651", false],
  ["LEDGER_RETENTION_DAYS", "NaN", false],
  ["LEDGER_RETENTION_DAYS", "", false],
  ["LEDGER_RETENTION_DAYS", "-1", false],
  ["RECONCILE", "on", true],
  ["RECONCILE", "", false],
  ["RECONCILE", "ON", false],
  ["RECONCILE", true, false],
  ["ELEVENLABS_API_KEY", { get: 1 }, false],
  ["ELEVENLABS_API_KEY", {}, false],
  ["ELEVENLABS_API_KEY", null, false],
  ["ELEVENLABS_API_KEY", "two words", false],
  ["SENDERS", null, false],
  ["ELEVENLABS_BASE_URL", "https://user:password@api.elevenlabs.io", false],
  ["ELEVENLABS_BASE_URL", "https://api.elevenlabs.io/?x", false],
  ["ELEVENLABS_BASE_URL", "http://localhost:1", true],
  ["ELEVENLABS_BASE_URL", "http://localhost.example", false],
  ["ELEVENLABS_BASE_URL", "http://[::1]:1", true],
  ["ELEVENLABS_BASE_URL", "ftp://127.0.0.1", false],
  ["ELEVENLABS_BASE_URL", "https://api.elevenlabs.io/v1", false],
  ["ELEVENLABS_BASE_URL", "https://api.elevenlabs.io/", true],
  ["LEDGER", undefined, false],
  ["LEDGER", {}, false],
  ["RATE_LIMITER", {}, false],
  ["RATE_LIMITER", { limit() {} }, true],
  ["LEDGER_KEY", undefined, false],
  ["LEDGER_KEY", `${LEDGER_KEY} lk_${"b".repeat(43)}`, true],
  ["LEDGER_KEY", `${LEDGER_KEY} ${LEDGER_KEY}`, false],
  ["LEDGER_KEY", "a".repeat(46), false],
  ["LEDGER_JURISDICTION", "eu", true],
  ["LEDGER_JURISDICTION", "us", false],
  ["LEDGER_JURISDICTION", "", false],
  ["OPERATOR_ACCESS", JSON.stringify(ACCESS), true],
  ["OPERATOR_ACCESS", ACCESS, true],
  ["OPERATOR_ACCESS", "{", false],
  ["OPERATOR_ACCESS", '{"team":"https://a.example","aud":"a","aud":"b"}', false],
])("%s=%j: valid is %s", async (name, value, isValid) => {
  const loaded = await load({ [name]: value });
  const faulty = Array.isArray(loaded) ? new Set(loaded.map(({ path }) => path)) : new Set();
  expect(faulty).toEqual(new Set(isValid ? [] : [name]));
});

test("a retention shorter than the settle time is invalid", async () => {
  const times = { SETTLE_SECONDS: "86400", LEDGER_RETENTION_DAYS: "1" };
  expect(await load(times)).toHaveProperty("apiKey");
  expect(await load({ ...times, LEDGER_RETENTION_DAYS: "0.99" })).toMatchObject([
    { path: "LEDGER_RETENTION_DAYS" },
  ]);
});

test("all invalid bindings are reported together", async () => {
  const broken = { ELEVENLABS_API_KEY: undefined, SENDERS: "[1]", RECONCILE: "?" };
  expect(await load(broken)).toMatchObject([
    { path: "ELEVENLABS_API_KEY" },
    { path: "RECONCILE" },
    { path: "SENDERS.0" },
  ]);
});

test("a changed binding is validated again", async () => {
  expect(await load({})).toHaveProperty("apiKey");
  expect(await load({ RECONCILE: "?" })).not.toHaveProperty("apiKey");
  expect(await load({})).toHaveProperty("apiKey");
});
