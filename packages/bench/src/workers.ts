import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningWorkerd, startWorkerd } from "@convai-secrets/workerd";
import type { Target } from "./load.js";

const folder = (name: string) => join(import.meta.dirname, "..", name);
const WORKER = folder("../../apps/worker/dist/index.js");

/** A Worker to measure, and how to end it. */
export interface Running extends Target {
  stop(): Promise<void>;
}

/** Where the ledger's files are: a memory file system, or the disk. */
export type Storage = "memory" | "disk";

/** The trivial upstream. */
export function startUpstream(): Promise<RunningWorkerd> {
  return startWorkerd({ script: folder("workers/upstream.js") });
}

/** The Worker that only passes on. */
export async function startPassThrough(upstreamUrl: string): Promise<Running> {
  const env = { ELEVENLABS_API_KEY: "bench-key", ELEVENLABS_BASE_URL: upstreamUrl };
  const worker = await startWorkerd({ script: folder("workers/pass-through.js"), env });
  return { url: worker.url, tokens: ["none"], stop: () => worker.kill() };
}

/** Ours, with so many senders, and so many rows in the first one's ledger. */
export async function startOurs(
  upstreamUrl: string,
  options: { storage: Storage; reconcile?: boolean; senders?: number; rows?: number },
): Promise<Running> {
  const { storage, reconcile = false, senders: count = 1, rows = 0 } = options;
  const root = await mkdtemp(join(storage === "memory" ? "/dev/shm" : tmpdir(), "bench-"));
  const tokens = Array.from({ length: count }, () => `cs_${randomBytes(32).toString("base64url")}`);
  const senders = tokens.map((token, index) => ({
    id: `bench-${index}`,
    tokenHashes: [`sha256:${createHash("sha256").update(token).digest("hex")}`],
  }));
  const worker = await startWorkerd({
    script: folder("workers/fill.js"),
    modules: { "worker.js": WORKER },
    env: {
      ELEVENLABS_API_KEY: "bench-key",
      ELEVENLABS_BASE_URL: upstreamUrl,
      RECONCILE: reconcile ? "on" : "off",
      SENDERS: JSON.stringify(senders),
    },
    durableObjects: { LEDGER: "Ledger" },
    storage: root,
  });
  if (rows > 0) await fetch(`${worker.url}/fill?rows=${rows}`);
  const stop = async () => {
    await worker.kill();
    await rm(root, { recursive: true });
  };
  return { url: worker.url, tokens, stop };
}
