import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The built command. */
export const COMMAND = fileURLToPath(new URL("../../bin/convai-secrets.js", import.meta.url));

/** The environment, the standard input and the folder of a run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
}

/** How a run ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that has started. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
}

/**
 * Starts the command as a process with pipes. Its environment is PATH, a home without settings, and
 * what the options add.
 */
export function startCommand(args: readonly string[], options: RunOptions = {}): Running {
  return start(process.execPath, [COMMAND, ...args], options);
}

/** Runs a line of bash, with the command as `$CMD`. */
export function runShell(line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const CMD = `${process.execPath} ${COMMAND}`;
  return start("bash", ["-c", line], { env: { CMD, ...env } }).ended;
}

function start(file: string, args: readonly string[], options: RunOptions): Running {
  const child = spawn(file, args, {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...options.env },
    stdio: "pipe",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const ended = once(child, "close").then(([code, signal]) => ({
    code,
    signal,
    stdout: stdout(),
    stderr: stderr(),
  }));
  return { child, ended };
}

/** Runs the command to its end. */
export function runCommand(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startCommand(args, options).ended;
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  return () => text;
}
