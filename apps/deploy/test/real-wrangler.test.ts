import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { generateLedgerKey } from "@convai-secrets/protocol";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { findEnvironment, readConfiguration } from "../src/configuration.ts";
import { Wrangler } from "../src/wrangler.ts";
import { serveCloudflareApi } from "./support/cloudflare-api.ts";
import { ACCOUNT, API_KEY, SENDERS, TOKEN_HASH, VERSION_ID } from "./support/deploy-setup.ts";

vi.setConfig({ testTimeout: 120_000 });

afterEach(() => void vi.unstubAllEnvs());

const CONFIG = join(import.meta.dirname, "../../worker/wrangler.jsonc");
const BIN = join(import.meta.dirname, "../../../node_modules/.bin");
const SECRETS = { ELEVENLABS_API_KEY: API_KEY, SENDERS, LEDGER_KEY: generateLedgerKey() };

/** The real wrangler for production, with a local Cloudflare API and a home folder of its own. */
async function openWrangler() {
  const home = await mkdtemp(join(tmpdir(), "wrangler-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const api = await serveCloudflareApi();
  vi.stubEnv("PATH", `${BIN}${delimiter}${process.env["PATH"]}`);
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", join(home, ".config"));
  vi.stubEnv("CLOUDFLARE_API_BASE_URL", api.url);
  vi.stubEnv("CLOUDFLARE_API_TOKEN", "token");
  vi.stubEnv("CLOUDFLARE_ACCOUNT_ID", undefined);
  vi.stubEnv("WRANGLER_LOG_SANITIZE", "false");
  const environment = findEnvironment((await readConfiguration(CONFIG)).configuration, "");
  if (environment === undefined) throw new TypeError("production always exists");
  return { wrangler: new Wrangler(CONFIG, "", environment), api, home };
}

/** The part of an upload that contains the secrets. */
function readMetadata(body: string): string {
  return body.split("\r\n").find((line) => line.includes('"main_module"')) ?? "";
}

/** Everything that wrangler wrote to its home folder. */
async function readLogs(home: string): Promise<string> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

test("the real wrangler uploads code and secrets in one call, and its log contains no secret", async () => {
  const { wrangler, api, home } = await openWrangler();
  expect(await wrangler.selectAccount()).toEqual(ACCOUNT);
  expect(await wrangler.listSecrets()).toEqual([]);
  expect(await wrangler.deploy(SECRETS)).toEqual({
    targets: ["https://convai-secrets.example.workers.dev"],
    versionId: VERSION_ID,
  });
  const uploads = api.calls.filter(({ body }) => body.includes(API_KEY));
  expect(uploads.map(({ call }) => call)).toEqual([
    "PUT /accounts/ACCOUNT/workers/scripts/convai-secrets",
  ]);
  expect(uploads[0]?.body).toContain('"main_module":"index.js"');
  for (const name of Object.keys(SECRETS)) {
    expect(uploads[0]?.body).toContain(`{"name":"${name}","type":"secret_text"`);
  }
  const logs = await readLogs(home);
  expect(logs).toContain("wrangler");
  for (const secret of [API_KEY, TOKEN_HASH, SECRETS.LEDGER_KEY])
    expect(logs).not.toContain(secret);
});

test("a failed upload of the real wrangler shows Cloudflare's reason and no secret", async () => {
  const { wrangler, api } = await openWrangler();
  api.failUploads((body) => `the CPU limit is not in your plan\n${readMetadata(body)}`);
  const failure = wrangler.deploy(SECRETS);
  await expect(failure).rejects.toThrow("(a line that contains part of a secret is not shown)");
  await expect(failure).rejects.toThrow("the CPU limit is not in your plan");
  for (const secret of [API_KEY, TOKEN_HASH, SECRETS.LEDGER_KEY]) {
    await expect(failure).rejects.not.toThrow(secret);
  }
});
