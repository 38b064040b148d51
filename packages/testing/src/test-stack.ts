import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ElevenLabsLocal,
  type ElevenLabsLocalOptions,
  serveElevenLabsLocal,
} from "@convai-secrets/elevenlabs-local";
import { generateLedgerKey } from "@convai-secrets/protocol";
import { startWorkerd } from "./start-workerd.ts";
import { createTestSender, type TestSender } from "./test-sender.ts";

/** The Worker's module as `npm run build` leaves it. */
export const BUILT_WORKER = join(import.meta.dirname, "../../../apps/worker/dist/index.js");

/** A folder on the disk, where a write takes as long as the disk needs to make it durable. */
export const DISK = tmpdir();

/**
 * A folder in memory, if the system has one: its files outlive a process as files on disk do, and a
 * busy disk does not delay the Worker by seconds.
 */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : DISK;

/** What to start, and with what. */
export interface TestStackOptions {
  /** Who may store secrets. Default: one sender, generated. */
  readonly senders?: readonly [TestSender, ...TestSender[]];
  /** Bindings of the Worker besides those that the stack sets, or instead of them. */
  readonly env?: Readonly<Record<string, string>>;
  /** How the local upstream is set up. By default it knows {@link TestStack.apiKey} alone. */
  readonly upstream?: ElevenLabsLocalOptions;
  /** Where the folder of the ledger is made: {@link DISK}, or in memory (default). */
  readonly disk?: string;
  /** Another build of the Worker. Default {@link BUILT_WORKER}. */
  readonly script?: string;
  /** A module that is run instead of the script, and imports it as `./built.js`. */
  readonly wrapper?: string;
  /** Takes the Worker's origin each time it starts: it is another after every start. */
  readonly onStart?: (origin: string) => void;
}

/** The built Worker in workerd, in front of the local upstream, with its senders. */
export interface TestStack {
  /** The Worker's origin. It changes with every start. */
  readonly url: string;
  /** The process that runs the Worker. */
  readonly pid: number;
  /** What is stored, what was called, and the faults to inject. */
  readonly upstream: ElevenLabsLocal;
  readonly upstreamUrl: string;
  /** The key that the Worker holds. It may read and write. */
  readonly apiKey: string;
  readonly ledgerKey: string;
  /** The first of the senders. */
  readonly sender: TestSender;
  readonly senders: readonly [TestSender, ...TestSender[]];
  /** The folder of the ledger's files. */
  readonly storage: string;
  /** Everything that the Worker has written to its log, over all of its starts. */
  logs(): string;
  /** Ends the Worker's process and keeps its storage. Default `SIGKILL`. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /**
   * Kills the Worker's process and starts it on the same storage.
   *
   * @param env bindings that differ from those of the stack, until the next start
   */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends everything and removes the storage. */
  stop(): Promise<void>;
}

/**
 * Starts the built Worker and the local upstream on free ports of the loopback interface, with
 * generated credentials. The settle time is 1 s.
 *
 * @throws {Error} if workerd does not start
 * @example
 * ```ts
 * const stack = await startTestStack({ env: { RECONCILE: "off" } });
 * onTestFinished(stack.stop);
 * ```
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { senders = [await createTestSender()], disk = MEMORY } = options;
  const apiKey = `local_${crypto.randomUUID()}`;
  const ledgerKey = generateLedgerKey();
  const folder = await mkdtemp(join(disk, "test-stack-"));
  const storage = join(folder, "storage");
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [apiKey]: ["convai_write", "convai_read"] },
    ...options.upstream,
  });
  const bindings = {
    ELEVENLABS_API_KEY: apiKey,
    ELEVENLABS_BASE_URL: upstream.url,
    LEDGER_KEY: ledgerKey,
    SENDERS: formatSenders(senders),
    SETTLE_SECONDS: "1",
    ...options.env,
  };
  const start = async (env: Readonly<Record<string, string>> = {}) => {
    const worker = await startWorkerd({
      ...selectModules(options),
      env: { ...bindings, ...env },
      durableObjects: { LEDGER: "Ledger" },
      storage,
    });
    options.onStart?.(worker.url);
    return worker;
  };
  let worker = await start();
  let earlierLogs = "";
  return {
    get url() {
      return worker.url;
    },
    get pid() {
      return worker.pid;
    },
    upstream: upstream.upstream,
    upstreamUrl: upstream.url,
    apiKey,
    ledgerKey,
    sender: senders[0],
    senders,
    storage,
    logs: () => earlierLogs + worker.output(),
    kill: (signal) => worker.kill(signal),
    async restart(env) {
      await worker.kill();
      earlierLogs += worker.output();
      worker = await start(env);
    },
    async stop() {
      await worker.kill();
      await upstream.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The SENDERS document of these senders. */
export function formatSenders(senders: readonly TestSender[]): string {
  return JSON.stringify(senders.map(({ policy }) => policy));
}

function selectModules({ script = BUILT_WORKER, wrapper }: TestStackOptions) {
  return wrapper === undefined ? { script } : { script: wrapper, modules: { "built.js": script } };
}
