import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitUntilReady } from "./wait-until-ready.ts";
import { makeWranglerEnvironment } from "./wrangler-environment.ts";

/** How to run the Worker. */
export interface WranglerDevOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Passed in a file that only this user can read. An empty one is omitted. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Variables that wrangler.jsonc does not have. They are no secrets. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Cancels the start. */
  readonly signal: AbortSignal;
  /** Takes each line the Worker writes once it is ready. */
  readonly onLine?: (line: string) => void;
}

/** A running `wrangler dev`. */
export interface RunningWorker {
  readonly url: string;
  /** Fulfilled with false when it ends without being asked to. */
  readonly ended: Promise<false>;
  stop(): Promise<void>;
}

const WRANGLER_CONFIG = fileURLToPath(new URL("../../worker/wrangler.jsonc", import.meta.url));

/** How long wrangler may take to end by itself. */
const STOP_TIMEOUT_MS = 5_000;

/**
 * Runs the Worker by `wrangler dev`, in workerd, on the loopback interface, its state in a folder
 * that is deleted when it stops.
 *
 * @throws {Error} with what wrangler said, if it does not start
 */
export async function startWranglerDev(options: WranglerDevOptions): Promise<RunningWorker> {
  const { bindings, vars = {}, onLine, port, signal } = options;
  signal.throwIfAborted();
  const folder = mkdtempSync(join(tmpdir(), "convai-secrets-"));
  let child: ChildProcess | undefined;
  const release = () => {
    killGroup(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  process.once("exit", release); // should anything end this process before `stop` is called
  const stop = async () => {
    await endByItself(child);
    release();
    process.off("exit", release);
  };
  try {
    const envFile = join(folder, "bindings.env");
    writeFileSync(envFile, formatEnvFile(bindings), { mode: 0o600 });
    const wranglerArguments = [...listArguments(port, folder, envFile), ...listVars(vars)];
    child = spawn(process.execPath, [findWrangler(), ...wranglerArguments], {
      detached: true, // a process group of its own: what it starts can be ended with it
      env: makeWranglerEnvironment(process.env, folder),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "exit").then(() => false as const);
    return { url: await waitUntilReady(child, { signal, onLine }), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listArguments(port: number, folder: string, envFile: string): string[] {
  const paths = ["--config", WRANGLER_CONFIG, "--env-file", envFile];
  const state = ["--persist-to", join(folder, "state")];
  const address = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  return ["dev", "--env=", ...paths, ...state, ...address, "--show-interactive-dev-session=false"];
}

function listVars(vars: Readonly<Record<string, string>>): string[] {
  return Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
}

function findWrangler(): string {
  const manifest = createRequire(import.meta.url).resolve("wrangler/package.json");
  return join(dirname(manifest), "bin/wrangler.js");
}

function formatEnvFile(bindings: Readonly<Record<string, string>>): string {
  return Object.entries(bindings)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");
}

async function endByItself(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit", { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
  child.kill("SIGTERM");
  await gone.catch(() => {});
}

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone.
  }
}
