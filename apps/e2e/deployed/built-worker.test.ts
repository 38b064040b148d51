import { serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { generateLedgerKey } from "@convai-secrets/protocol";
import { createTestSender } from "@convai-secrets/testing";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, afterEach, expect, onTestFinished, test, vi } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { assertConforms } from "../support/assert-conforms.ts";
import { WORKER_FOLDER } from "../support/folders.ts";

const { token, policy } = await createTestSender();
const SENDERS = JSON.stringify([policy]);
const LEDGER_KEY = generateLedgerKey();

const { url: upstreamUrl, upstream, close } = await serveElevenLabsLocal();
afterEach(() => upstream.reset());
afterAll(close);

type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string },
) => Promise<unknown>;

/** Starts what the build made, with the configuration it is deployed with. */
async function startDeployed(secrets: Record<string, string>): Promise<TestHarness> {
  const vars = { ELEVENLABS_BASE_URL: upstreamUrl };
  const harness = createTestHarness({
    root: WORKER_FOLDER,
    workers: [{ configPath: "wrangler.jsonc", prebuiltWorkerDir: "dist", vars, secrets }],
  });
  onTestFinished(() => harness.close());
  await harness.listen();
  return harness;
}

/** Starts what the build made, with the API key in a Secrets Store. */
async function startWithSecretsStore() {
  const options = convertV4MiniflareOptions({
    modules: true,
    rootPath: WORKER_FOLDER,
    scriptPath: "dist/index.js",
    compatibilityDate: "2026-11-01",
    bindings: { LEDGER_KEY, SENDERS, ELEVENLABS_BASE_URL: upstreamUrl },
    durableObjects: { LEDGER: { className: "Ledger", useSQLite: true } },
    secretsStoreSecrets: { ELEVENLABS_API_KEY: { store_id: "store", secret_name: "key" } },
  });
  const miniflare = new Miniflare(options);
  onTestFinished(() => miniflare.dispose());
  const secret = (await miniflare.getSecretsStoreSecretAPI("ELEVENLABS_API_KEY"))();
  return { fetch: miniflare.dispatchFetch as Fetch, secret };
}

async function askHealth(harness: TestHarness): Promise<Response> {
  const response = (await harness.fetch("/healthz")) as unknown as Response;
  await assertConforms("GET", "/healthz", response);
  return response;
}

async function storeSecret(fetch: Fetch, name: string): Promise<Response> {
  const response = (await fetch("http://worker.invalid/v1/convai/secrets", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ type: "new", name, value: "v" }),
  })) as Response;
  await assertConforms("POST", "/v1/convai/secrets", response);
  return response;
}

test("the built Worker starts as it is deployed and stores a secret with the key it is given", async () => {
  const harness = await startDeployed({ ELEVENLABS_API_KEY: "local-api-key", LEDGER_KEY, SENDERS });
  expect((await askHealth(harness)).status).toBe(200);
  expect((await storeSecret(harness.fetch as Fetch, "A")).status).toBe(200);
  expect(upstream.secrets()).toMatchObject([{ name: "A" }]);
  expect(
    harness
      .getLogs()
      .map(({ message }) => message)
      .join(),
  ).toMatch(/version: '[\w-]+'/);
});

test("the built Worker without its secrets answers 503 and names them", async () => {
  // Wrangler takes what is missing from the environment.
  const names = ["ELEVENLABS_API_KEY", "LEDGER_KEY", "SENDERS"];
  for (const name of names) vi.stubEnv(name, undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const harness = await startDeployed({});
  const health = await askHealth(harness);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    errors: expect.arrayContaining(names.map((path) => expect.objectContaining({ path }))),
  });
  expect((await storeSecret(harness.fetch as Fetch, "A")).status).toBe(503);
});

test("the API key may come from a Secrets Store, and be rotated there without a deployment", async () => {
  const { fetch, secret } = await startWithSecretsStore();
  const id = await secret.create("local-api-key");
  expect((await storeSecret(fetch, "A")).status).toBe(200);

  upstream.setApiKeys({ rotated: ["convai_write", "convai_read"] });
  expect((await storeSecret(fetch, "B")).status).toBe(502);
  await secret.update("rotated", id);
  expect((await storeSecret(fetch, "B")).status).toBe(200);
  expect(upstream.secrets()).toMatchObject([{ name: "A" }, { name: "B" }]);
});

test("a key that the Secrets Store does not have is a broken configuration, and nothing is sent", async () => {
  const { fetch } = await startWithSecretsStore();
  const response = await storeSecret(fetch, "A");
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: "misconfigured", outcome: "not_applied" });
  expect(upstream.received().POST).toBe(0);
});
