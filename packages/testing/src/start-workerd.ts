import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { formatWorkerdConfig } from "./workerd-config.ts";

// A CommonJS module without types, whose default export bundlers and Node read differently.
const workerd: { readonly default: string } = createRequire(import.meta.url)("workerd");

/** What to run and with what. */
export interface StartWorkerdOptions {
  /** The built Worker's main ES module. */
  readonly script: string;
  /** Modules it imports: files by the name they are imported by. Default none. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Text bindings, handed over in the process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** SQLite Durable Objects: class names by binding name. Default none. */
  readonly durableObjects?: Readonly<Record<string, string>>;
  /** Folder of the Durable Objects' storage, made if absent. Default: one that goes with the process. */
  readonly storage?: string;
  /** Default 2026-11-01. */
  readonly compatibilityDate?: string;
  readonly compatibilityFlags?: readonly string[];
  /** Whether to open an inspector, for profiles. Default false. */
  readonly inspector?: boolean;
  /** Whether to keep what it logs for {@link RunningWorkerd.output}. Default true. */
  readonly keepLogs?: boolean;
}

/** A running workerd. */
export interface RunningWorkerd {
  /** Its address, on a free port of the loopback interface. */
  readonly url: string;
  readonly pid: number;
  /** The inspector's address, if one was asked for. */
  readonly inspectorUrl?: string | undefined;
  /** Everything it has written to its output so far. */
  output(): string;
  /** Ends it by a signal, SIGKILL by default, and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Runs a built Worker in one standalone workerd process: no proxies in front, real SQLite files,
 * and a process that can be killed at any moment and started again on the same storage.
 *
 * @throws {Error} with workerd's own output, if it does not start
 * @example
 * ```ts
 * const worker = await startWorkerd({ script, env, durableObjects: { LEDGER: "Ledger" }, storage });
 * ```
 */
export async function startWorkerd(options: StartWorkerdOptions): Promise<RunningWorkerd> {
  const folder = await mkdtemp(join(tmpdir(), "workerd-"));
  const { env = {}, storage = join(folder, "storage") } = options;
  await mkdir(storage, { recursive: true });
  const modules = { "main.js": options.script, ...options.modules };
  for (const [name, path] of Object.entries(modules)) await copyFile(path, join(folder, name));
  const config = formatWorkerdConfig({
    modules: Object.keys(modules),
    compatibilityDate: options.compatibilityDate ?? "2026-11-01",
    compatibilityFlags: options.compatibilityFlags ?? [],
    environment: Object.keys(env),
    durableObjects: options.durableObjects ?? {},
    storage,
  });
  await writeFile(join(folder, "config.capnp"), config);
  const inspector = options.inspector ? ["--inspector-addr=127.0.0.1:0"] : [];
  const child = spawn(workerd.default, ["serve", "config.capnp", "--control-fd=3", ...inspector], {
    cwd: folder,
    env: { ...env },
    stdio: ["ignore", options.keepLogs === false ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const output = collectOutput(child);
  const removed = once(child, "exit").then(() => rm(folder, { recursive: true }));
  const { port, inspectorPort } = await readPorts(child);
  if (port === undefined) {
    await removed;
    throw new Error(`workerd did not start:\n${output()}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    inspectorUrl: inspectorPort === undefined ? undefined : `http://127.0.0.1:${inspectorPort}`,
    output,
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await removed;
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  return () => chunks.join("");
}

interface Ports {
  readonly port?: number | undefined;
  readonly inspectorPort?: number | undefined;
}

/**
 * workerd reports each port it was given as a line of JSON on the control descriptor, that of the
 * inspector first.
 */
async function readPorts(child: ChildProcess): Promise<Ports> {
  let inspectorPort: number | undefined;
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const { event, port }: { event?: string; port?: number } = JSON.parse(line);
    if (event === "listen-inspector") inspectorPort = port;
    if (event === "listen" && port !== undefined) return { port, inspectorPort };
  }
  return {};
}
