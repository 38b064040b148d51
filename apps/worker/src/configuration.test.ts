import { expect, test } from "vitest";
import { loadConfiguration } from "./configuration.ts";

const SENDERS = JSON.stringify([{ id: "a", tokenHashes: [`sha256:${"0".repeat(64)}`] }]);
const REQUIRED = { ELEVENLABS_API_KEY: "key", SENDERS };
const DAY_MS = 86_400_000;

async function load(bindings: object) {
  const { configuration, issues } = await loadConfiguration({ ...REQUIRED, ...bindings });
  return configuration ?? issues;
}

test("what is not set has its default", async () => {
  expect(await load({})).toMatchObject({
    baseUrl: "https://api.elevenlabs.io",
    retentionMs: 7 * DAY_MS,
    reconcile: true,
    settleMs: 60_000,
    senders: [{ id: "a", names: ["*"] }],
  });
});

test("what is set counts", async () => {
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

test("a key is the Worker secret itself, or what the Secrets Store gives at each call", async () => {
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
])("%s=%j: valid is %s", async (name, value, isValid) => {
  const loaded = await load({ [name]: value });
  const faulty = Array.isArray(loaded) ? new Set(loaded.map(({ path }) => path)) : new Set();
  expect(faulty).toEqual(new Set(isValid ? [] : [name]));
});

test("a retention shorter than the settle time is refused", async () => {
  const times = { SETTLE_SECONDS: "86400", LEDGER_RETENTION_DAYS: "1" };
  expect(await load(times)).toHaveProperty("apiKey");
  expect(await load({ ...times, LEDGER_RETENTION_DAYS: "0.99" })).toMatchObject([
    { path: "LEDGER_RETENTION_DAYS" },
  ]);
});

test("everything that is wrong is named at once", async () => {
  const broken = { ELEVENLABS_API_KEY: undefined, SENDERS: "[1]", RECONCILE: "?" };
  expect(await load(broken)).toMatchObject([
    { path: "ELEVENLABS_API_KEY" },
    { path: "RECONCILE" },
    { path: "SENDERS.0" },
  ]);
});

test("a binding that changes, as in tests and by a rotation, is checked anew", async () => {
  expect(await load({})).toHaveProperty("apiKey");
  expect(await load({ RECONCILE: "?" })).not.toHaveProperty("apiKey");
  expect(await load({})).toHaveProperty("apiKey");
});
