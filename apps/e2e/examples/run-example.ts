import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** The folder of the examples. */
export const EXAMPLES = join(import.meta.dirname, "../../../examples");

/** How to run an example. */
export interface ExampleRun {
  /** Files in its folder, by name. Default none. */
  readonly files?: Readonly<Record<string, string>>;
  /** The programs that it may use: its PATH has no others. */
  readonly programs: readonly string[];
  /** Where a program is, if not where the PATH says. */
  readonly paths?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input. Default empty. */
  readonly input?: string | Uint8Array;
}

/** How an example ended. */
export interface ExampleResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The arguments of every program that was started, as `ps` would have shown them. */
  readonly commandLines: string;
  readonly folder: string;
}

/** Reads an example as it is. */
export function readExample(name: string): Promise<string> {
  return readFile(join(EXAMPLES, name), "utf8");
}

/**
 * Runs a command in a folder of its own. Each program is behind a script that records its arguments
 * and then becomes the program.
 */
export async function runExample(
  command: readonly [string, ...string[]],
  { files = {}, programs, paths = {}, env = {}, input = "" }: ExampleRun,
): Promise<ExampleResult> {
  const folder = await mkdtemp(join(tmpdir(), "example-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = join(folder, "bin");
  const log = join(folder, "command-lines.log");
  await mkdir(bin);
  await writeFile(log, "");
  for (const program of programs) {
    const real = paths[program] ?? findProgram(program);
    if (real === undefined) throw new Error(`${program} is not on this machine`);
    const script = `#!/bin/sh\nprintf '%s\\n' "${program} $*" >>'${log}'\nexec '${real}' "$@"\n`;
    await writeFile(join(bin, program), script);
    await chmod(join(bin, program), 0o755);
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  const [program, ...args] = command;
  const child = spawn(join(bin, program), args, {
    cwd: folder,
    env: { PATH: bin, HOME: folder, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}).end(input);
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ]);
  return { exitCode, stdout, stderr, commandLines: await readFile(log, "utf8"), folder };
}

/** Where a program is; `undefined` if this machine does not have it. */
export function findProgram(program: string): string | undefined {
  return askProgram("sh", ["-c", `command -v ${program}`]);
}

/** What a program prints; `undefined` if it is missing or fails. */
export function askProgram(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
