import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { type RunningWorkerd, startWorkerd } from "./start-workerd.ts";

/** The built Worker in workerd, in front of the stand-in for ElevenLabs, and one sender of it. */
export interface TestStack {
  readonly url: string;
  readonly upstream: ElevenLabsLocalServer["upstream"];
  readonly senderKey: string;
  readonly token: string;
  readonly worker: RunningWorkerd;
  stop(): Promise<void>;
}

/** turbo.json has it built before; nothing of the app is imported. */
const WORKER = join(import.meta.dirname, "../../../apps/worker/dist/index.js");

/** Starts both on free ports of the loopback interface, with fresh credentials. */
export async function startTestStack(
  bindings: Readonly<Record<string, string>> = {},
  names: readonly string[] = ["*"],
): Promise<TestStack> {
  const apiKey = `local_${randomBytes(24).toString("base64url")}`;
  const senderKey = `whsec_${randomBytes(32).toString("base64")}`;
  const token = `cs_${randomBytes(32).toString("base64url")}`;
  const hash = createHash("sha256").update(token).digest("hex");
  const sender = {
    id: "rig",
    signingSecrets: [senderKey],
    tokenHashes: [`sha256:${hash}`],
    names,
  };
  const { url, upstream, close } = await serveElevenLabsLocal({
    apiKeys: { [apiKey]: ["convai_write", "convai_read"] },
  });
  const worker = await startWorkerd({
    script: WORKER,
    env: {
      ELEVENLABS_API_KEY: apiKey,
      ELEVENLABS_BASE_URL: url,
      SENDERS: JSON.stringify([sender]),
      SETTLE_SECONDS: "1",
      ...bindings,
    },
    durableObjects: { LEDGER: "Ledger" },
  });
  return {
    url: worker.url,
    upstream,
    senderKey,
    token,
    worker,
    async stop() {
      await worker.kill();
      await close();
    },
  };
}
