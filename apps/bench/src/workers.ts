import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Existing,
  generateLedgerKey,
  generateSigningSecret,
  generateToken,
  hashToken,
} from "@convai-secrets/protocol";
import {
  BUILT_WORKER,
  type RunningWorkerd,
  type StartWorkerdOptions,
  startWorkerd,
} from "@convai-secrets/testing";
import { bundleWorker } from "./bundle.ts";
import type { Target } from "./load.ts";

/** A Worker to measure, the tokens that it accepts, and how to stop it. */
export interface Running extends Target {
  readonly tokens: readonly [string, ...string[]];
  readonly inspectorUrl?: string | undefined;
  stop(): Promise<void>;
}

/** How to start this project's Worker. */
export interface OurOptions {
  /** Where the ledger is: on a memory file system or on disk. Default: there is no ledger. */
  readonly storage?: Storage;
  /** Default false. */
  readonly reconcile?: boolean;
  /** Default 1. */
  readonly senders?: number;
  /** The policy of every sender. Default `create`. */
  readonly existing?: Existing;
  /** Signing secrets of the first sender. Default 0. */
  readonly signingSecrets?: number;
  /** Whether to open an inspector. Default false. */
  readonly inspector?: boolean;
  /** Deliveries in the ledger, of a tenth as many names. Default 0. */
  readonly rows?: number;
}

type Storage = "memory" | "disk";

/** A folder for temporary files, on the disk that holds this package. */
export const WORK_FOLDER = join(import.meta.dirname, "../dist");

/** The first is a memory file system on every Linux. */
const FOLDERS: Readonly<Record<Storage, string>> = { memory: "/dev/shm", disk: WORK_FOLDER };

/** Starts the trivial upstream. */
export function startUpstream(env: Readonly<Record<string, string>> = {}): Promise<RunningWorkerd> {
  return start("upstream", { env });
}

/** Starts a Worker to compare with. It accepts one token, if it asks for any. */
export async function startOther(
  name: "pass-through" | "hono-zod" | "sdk" | "by-hand" | "by-hand-object",
  upstreamUrl: string,
  storage?: Storage,
): Promise<Running> {
  const token = generateToken();
  const hash = await hashToken(token);
  return startStored(name, storage, [token], {
    env: { ...bindings(upstreamUrl), TOKEN: token, TOKEN_HASH: hash.slice("sha256:".length) },
  });
}

/** Starts this project's Worker as it is built. */
export async function startOurs(upstreamUrl: string, options: OurOptions = {}): Promise<Running> {
  const { storage, reconcile = false, senders = 1, rows = 0, inspector = false } = options;
  const tokens = Array.from({ length: senders }, generateToken) as [string, ...string[]];
  const worker = await startStored(
    storage === undefined ? "without-ledger" : "fill",
    storage,
    tokens,
    {
      modules: { "worker.js": BUILT_WORKER },
      inspector,
      env: {
        ...bindings(upstreamUrl),
        RECONCILE: reconcile ? "on" : "off",
        SENDERS: await formatSenders(tokens, options),
      },
    },
  );
  if (rows > 0) await expectOk(fetch(`${worker.url}/fill?rows=${rows}`));
  return worker;
}

/** Hands over Workers when all have started, and stops them. */
export async function withWorkers(
  starting: readonly Promise<Running>[],
  run: (workers: readonly Running[]) => Promise<void>,
): Promise<void> {
  const workers = await Promise.all(starting);
  try {
    await run(workers);
  } finally {
    for (const { stop } of workers) await stop();
  }
}

async function startStored(
  name: string,
  storage: Storage | undefined,
  tokens: Running["tokens"],
  options: Omit<StartWorkerdOptions, "script" | "storage">,
): Promise<Running> {
  await mkdir(WORK_FOLDER, { recursive: true });
  const folder = await mkdtemp(join(FOLDERS[storage ?? "disk"], "bench-"));
  const worker = await start(name, {
    ...options,
    durableObjects: storage === undefined ? {} : { LEDGER: "Ledger" },
    storage: folder,
  });
  const stop = async () => {
    await worker.kill();
    await rm(folder, { recursive: true });
  };
  const { url, pid, inspectorUrl } = worker;
  return { url, pid, inspectorUrl, tokens, stop };
}

async function expectOk(response: Promise<Response>): Promise<void> {
  const { ok, status } = await response;
  if (!ok) throw new Error(`The Worker could not be prepared: status ${status}`);
}

/** Logs are written, but nothing reads them: reading them is not the Worker's work. */
async function start(
  name: string,
  options: Omit<StartWorkerdOptions, "script">,
): Promise<RunningWorkerd> {
  await mkdir(WORK_FOLDER, { recursive: true });
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
  return {
    ELEVENLABS_API_KEY: "bench-key",
    ELEVENLABS_BASE_URL: upstreamUrl,
    LEDGER_KEY: generateLedgerKey(),
  };
}

async function formatSenders(
  tokens: readonly string[],
  { existing = "create", signingSecrets = 0 }: OurOptions,
): Promise<string> {
  const senders = tokens.map(async (token, index) => ({
    id: `bench-${index}`,
    existing,
    tokenHashes: [await hashToken(token)],
    signingSecrets:
      index === 0 ? Array.from({ length: signingSecrets }, generateSigningSecret) : [],
  }));
  return JSON.stringify(await Promise.all(senders));
}
