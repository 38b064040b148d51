import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { DeployError } from "./deploy-error.ts";

/** How a wrangler command ended. */
export interface WranglerResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to run a wrangler command with. */
export interface WranglerCall {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** A file descriptor for its standard input. Default: no input. */
  readonly stdin?: number;
}

/** The Worker's secrets. They reach wrangler in a file only. */
const SECRET_VARIABLES = ["ELEVENLABS_API_KEY", "SENDERS", "LEDGER_KEY"];

/**
 * Runs the wrangler on the PATH.
 *
 * @throws {DeployError} if it cannot be started
 */
export async function runWrangler(
  args: readonly string[],
  { folder, env, stdin }: WranglerCall,
): Promise<WranglerResult> {
  const child = spawn("wrangler", args, {
    cwd: folder,
    env: { ...makeEnvironment(process.env), ...env },
    stdio: [stdin ?? "ignore", "pipe", "pipe"],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const { promise: code, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", () => reject(new DeployError("wrangler cannot be started. Run `npm ci`.")));
  child.on("close", resolve);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ok = (await code) === 0;
  const [stdout, stderr] = await output;
  return { ok, stdout, stderr };
}

/**
 * The caller's environment, without the Worker's secrets, and with the settings that keep secrets
 * out of wrangler's log file and its output readable.
 */
function makeEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...kept } = environment;
  for (const name of SECRET_VARIABLES) delete kept[name];
  return {
    ...kept,
    NO_COLOR: "1",
    WRANGLER_HIDE_BANNER: "true",
    // `false` writes request bodies to the log file, the secrets included.
    WRANGLER_LOG_SANITIZE: "true",
    WRANGLER_SEND_METRICS: "false",
  };
}
