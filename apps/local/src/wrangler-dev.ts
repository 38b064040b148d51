import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How to run the Worker. */
export interface WranglerDevOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Bindings; they are handed over in a file that only this user can read. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Takes each line the Worker writes once it is ready. */
  readonly onLine?: (line: string) => void;
}

/** A running `wrangler dev`. */
export interface RunningWorker {
  readonly url: string;
  stop(): Promise<void>;
}

const WRANGLER_CONFIG = fileURLToPath(new URL("../../worker/wrangler.jsonc", import.meta.url));

/** Silences what would leave the machine: usage metrics, and Cloudflare's example request data. */
const QUIET = { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };

/** How long wrangler may take to end by itself. */
const STOP_TIMEOUT_MS = 5_000;

/**
 * Runs the Worker by `wrangler dev`, in workerd, on the loopback interface, its state in a folder
 * that goes when it stops.
 *
 * @throws {Error} with what wrangler said, if it does not start
 */
export async function startWranglerDev(options: WranglerDevOptions): Promise<RunningWorker> {
  const folder = await mkdtemp(join(tmpdir(), "convai-secrets-"));
  const envFile = join(folder, "bindings.env");
  await writeFile(envFile, formatEnvFile(options.bindings), { mode: 0o600 });
  const child = spawn(process.execPath, [findWrangler(), ...listArguments(options, folder)], {
    detached: true, // a process group of its own: what it starts can be ended with it
    env: { ...process.env, ...QUIET },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    await endGroup(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await waitUntilReady(child, options.onLine);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listArguments({ port }: WranglerDevOptions, folder: string): string[] {
  const paths = ["--config", WRANGLER_CONFIG, "--env-file", join(folder, "bindings.env")];
  const state = ["--persist-to", join(folder, "state")];
  const address = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  return ["dev", "--env=", ...paths, ...state, ...address, "--show-interactive-dev-session=false"];
}

function findWrangler(): string {
  const manifest = createRequire(import.meta.url).resolve("wrangler/package.json");
  return join(dirname(manifest), "bin/wrangler.js");
}

function formatEnvFile(bindings: Readonly<Record<string, string>>): string {
  return Object.entries(bindings)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}

async function waitUntilReady(
  child: ChildProcess,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new TypeError("wrangler's output must be piped");
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let take = (line: string) => {
    said.push(line);
    const url = /Ready on (http:\/\/\S+)/.exec(line)?.[1];
    if (url === undefined) return;
    take = onLine;
    resolve(url);
  };
  for (const stream of [stdout, stderr]) {
    createInterface({ input: stream }).on("line", (line) => take(line));
  }
  child.once("error", reject);
  child.once("exit", () => reject(new Error(`wrangler dev did not start:\n${said.join("\n")}`)));
  return promise;
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit", { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill("SIGTERM");
    await gone.catch(() => {});
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone.
  }
}
