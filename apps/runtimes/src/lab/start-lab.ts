import { createHash, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { startWorkerd } from "@convai-secrets/testing";
import type { Report, Setting } from "../suite/report.ts";
import { serveLab } from "./serve-lab.ts";

/** Everything the suite is run against, on free ports of the loopback interface. */
export interface Lab {
  readonly setting: Setting;
  /** A page that runs the suite under one address with all of it, and the report it sends. */
  readonly page: string;
  readonly pageReport: Promise<Report>;
  stop(): Promise<void>;
}

/** turbo.json has it built before; nothing of the app is imported. */
const WORKER = fileURLToPath(new URL("../../../../apps/worker/dist/index.js", import.meta.url));

/** Starts the stand-in, the real Worker in front of it, and a server for all that is scripted. */
export async function startLab(): Promise<Lab> {
  const [apiKey, readOnlyKey] = [generateKey("local_"), generateKey("local_")];
  const senderKey = `whsec_${randomBytes(32).toString("base64")}`;
  const token = generateKey("cs_");
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [apiKey]: ["convai_write", "convai_read"], [readOnlyKey]: ["convai_read"] },
  });
  const sender = { id: "lab", signingSecrets: [senderKey], tokenHashes: [hash(token)] };
  const worker = await startWorkerd({
    script: WORKER,
    env: {
      ELEVENLABS_API_KEY: apiKey,
      ELEVENLABS_BASE_URL: upstream.url,
      SENDERS: JSON.stringify([{ ...sender, names: ["RUN_*"] }]),
      SETTLE_SECONDS: "1",
    },
    durableObjects: { LEDGER: "Ledger" },
  });
  const server = await serveLab({ upstream: upstream.url, worker: worker.url });
  const credentials = { apiKey, readOnlyKey, senderKey, token };
  const scripted = `${server.url}/scripted`;
  const [upstreamPath, workerPath] = [`${server.url}/upstream`, `${server.url}/worker`];
  server.setPageSetting({ ...credentials, scripted, upstream: upstreamPath, worker: workerPath });
  return {
    setting: { ...credentials, scripted, upstream: upstream.url, worker: worker.url },
    page: `${server.url}/page.html`,
    pageReport: server.report,
    async stop() {
      await server.close();
      await worker.kill();
      await upstream.close();
    },
  };
}

function generateKey(prefix: string): string {
  return prefix + randomBytes(32).toString("base64url");
}

function hash(token: string): string {
  return `sha256:${createHash("sha256").update(token).digest("hex")}`;
}
