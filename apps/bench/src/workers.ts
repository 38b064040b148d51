import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type RunningWorkerd,
  type StartWorkerdOptions,
  startWorkerd,
} from "@convai-secrets/testing";
import { bundleWorker } from "./bundle.ts";
import type { Target } from "./load.ts";

/** The Worker as `npm run build` leaves it, and as it is deployed. */
export const BUILT_WORKER = join(import.meta.dirname, "../../../apps/worker/dist/index.js");

/** A Worker to measure, the tokens it takes, and how to end it. */
export interface Running extends Target {
  readonly tokens: readonly [string, ...string[]];
  stop(): Promise<void>;
}

/** What our Worker is to be started with. */
export interface OurOptions {
  /** Where the ledger is: on a memory file system or on disk. Default: there is none. */
  readonly storage?: "memory" | "disk";
  /** Default off. */
  readonly reconcile?: boolean;
  /** Default 1. */
  readonly senders?: number;
  /** Of the first sender. Default none. */
  readonly signingSecrets?: number;
  /** Rows in the first sender's ledger. Default 0. */
  readonly rows?: number;
}

/** A folder for what a run makes for itself, on the disk this package is on. */
export const WORK_FOLDER = join(import.meta.dirname, "../dist");

/** The first is a memory file system on every Linux. */
const FOLDERS = { memory: "/dev/shm", disk: WORK_FOLDER } as const;

/** The trivial upstream. */
export function startUpstream(): Promise<RunningWorkerd> {
  return start("upstream", {});
}

/** A Worker to compare with: it takes one token, if it asks for any. */
export async function startOther(
  name: "pass-through" | "hono-zod" | "sdk",
  upstreamUrl: string,
): Promise<Running> {
  const token = generateToken();
  const worker = await start(name, { env: { ...bindings(upstreamUrl), TOKEN: token } });
  return { url: worker.url, pid: worker.pid, tokens: [token], stop: () => worker.kill() };
}

/** Ours, as it is built. */
export async function startOurs(upstreamUrl: string, options: OurOptions = {}): Promise<Running> {
  const { storage, reconcile = false, senders = 1, signingSecrets = 0, rows = 0 } = options;
  const folder = await mkdtemp(join(FOLDERS[storage ?? "disk"], "bench-"));
  const tokens = Array.from({ length: senders }, generateToken) as [string, ...string[]];
  const worker = await start(storage === undefined ? "without-ledger" : "fill", {
    modules: { "worker.js": BUILT_WORKER },
    env: {
      ...bindings(upstreamUrl),
      RECONCILE: reconcile ? "on" : "off",
      SENDERS: formatSenders(tokens, Array.from({ length: signingSecrets }, generateSecret)),
    },
    durableObjects: storage === undefined ? {} : { LEDGER: "Ledger" },
    storage: folder,
  });
  if (rows > 0) await fetch(`${worker.url}/fill?rows=${rows}`);
  const stop = async () => {
    await worker.kill();
    await rm(folder, { recursive: true });
  };
  return { url: worker.url, pid: worker.pid, tokens, stop };
}

/** Logs are written, as they would be, but to nowhere: reading them is no part of the Worker. */
async function start(
  name: string,
  options: Omit<StartWorkerdOptions, "script">,
): Promise<RunningWorkerd> {
  const folder = await mkdtemp(join(WORK_FOLDER, "bundle-"));
  try {
    const script = join(folder, "main.js");
    await writeFile(script, await bundleWorker(name));
    return await startWorkerd({ ...options, script, keepLogs: false });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bindings(upstreamUrl: string) {
  return { ELEVENLABS_API_KEY: "bench-key", ELEVENLABS_BASE_URL: upstreamUrl };
}

function formatSenders(tokens: readonly string[], signingSecrets: readonly string[]): string {
  const senders = tokens.map((token, index) => ({
    id: `bench-${index}`,
    tokenHashes: [`sha256:${createHash("sha256").update(token).digest("hex")}`],
    signingSecrets: index === 0 ? signingSecrets : [],
  }));
  return JSON.stringify(senders);
}

function generateToken(): string {
  return `cs_${randomBytes(32).toString("base64url")}`;
}

function generateSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
