import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { generateLedgerKey, generateToken, hashToken } from "@convai-secrets/protocol";
import { onTestFinished } from "vitest";
import { createFakeWrangler, type FakeAccount, type FakeWrangler } from "./fake-wrangler.ts";

const WORKER = join(import.meta.dirname, "../../../worker");
const PROGRAM = join(import.meta.dirname, "../../src/deploy.ts");

export const VERSION_ID = "11111111-2222-3333-4444-555555555555";
export const ACCOUNT = { id: "0123456789abcdef0123456789abcdef", name: "Example Inc" };

/** Secrets that a deployment accepts, and an API key that the local upstream accepts. */
export const API_KEY = "sk_canary0123456789abcdef";
export const TOKEN_HASH = await hashToken(generateToken());
export const SENDERS = JSON.stringify([{ id: "ci", tokenHashes: [TOKEN_HASH] }]);
export const SECRETS = JSON.stringify({ ELEVENLABS_API_KEY: API_KEY, SENDERS });

/** The secrets of a Worker that is already deployed. */
export const DEPLOYED_SECRETS = {
  ELEVENLABS_API_KEY: "old-key",
  SENDERS: "old-senders",
  LEDGER_KEY: generateLedgerKey(),
};

/** How the program ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A wrangler configuration of its own, a fake account, and a local upstream. */
export interface DeploySetup {
  readonly folder: string;
  readonly configFile: string;
  readonly wrangler: FakeWrangler;
  readonly upstream: ElevenLabsLocalServer;
  /** The environment in which the program finds the fake wrangler. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs the program without a terminal. */
  run(args?: readonly string[], input?: string, env?: Record<string, string>): Promise<Ended>;
}

/** Makes the setup of one test. It ends with the test. */
export async function createDeploySetup(account: Partial<FakeAccount> = {}): Promise<DeploySetup> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [API_KEY]: ["convai_write", "convai_read"], "sk_read-only": ["convai_read"] },
  });
  onTestFinished(() => upstream.close());
  const configFile = join(folder, "wrangler.jsonc");
  await writeFile(configFile, await readConfiguration(upstream.url));
  const wrangler = await createFakeWrangler(folder, {
    accounts: [ACCOUNT],
    login: "ok",
    secrets: null,
    targets: account.targets ?? [await serveHealth({ status: "ok" })],
    versionId: VERSION_ID,
    ...account,
  });
  const env = { ...process.env, PATH: wrangler.path, CLOUDFLARE_ACCOUNT_ID: undefined };
  return {
    folder,
    configFile,
    wrangler,
    upstream,
    env,
    async run(args = [], input = "", more = {}) {
      const child = spawn(process.execPath, [PROGRAM, `--config=${configFile}`, ...args], {
        env: { ...env, ...more },
      });
      child.stdin.on("error", () => {}).end(input);
      const code = new Promise<number | null>((resolve) => child.on("close", resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await code, stdout, stderr };
    },
  };
}

/** The Worker's own configuration, with the local upstream. */
async function readConfiguration(upstreamUrl: string): Promise<string> {
  const original = await readFile(join(WORKER, "wrangler.jsonc"), "utf8");
  return original
    .replaceAll("https://api.elevenlabs.io", upstreamUrl)
    .replace('"src/index.ts"', JSON.stringify(join(WORKER, "src/index.ts")));
}

/** Serves `/healthz` as a deployed Worker does, and 401 to senders without a credential. */
export async function serveHealth(
  health: object,
  { status = 200, version = VERSION_ID }: { status?: number; version?: string } = {},
): Promise<string> {
  const answer = (response: ServerResponse) =>
    response.writeHead(status, { "convai-secrets-version": version }).end(JSON.stringify(health));
  const server = createServer((request, response) => {
    if (request.url === "/healthz") answer(response);
    else response.writeHead(401, { "content-type": "application/problem+json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
