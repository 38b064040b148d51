import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** How to run a recipe. */
export interface Run {
  /** Files in its folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The programs it may use: there are no others on its PATH. */
  readonly programs: readonly string[];
  /** Where some of them are, if not what the PATH gives. */
  readonly paths?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** What came of it. */
interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The arguments of every program that was started, as `ps` would have shown them. */
  readonly commandLines: string;
  readonly folder: string;
}

/** Whether a program is on this machine. */
export function hasProgram(name: string): boolean {
  return find(name) !== undefined;
}

/**
 * Runs a command in a folder of its own, each program behind a script that notes its arguments and
 * then becomes it. Everything the recipe starts is found that way: nothing else is on its PATH.
 */
export async function runRecipe(command: readonly [string, ...string[]], run: Run) {
  const folder = await mkdtemp(join(tmpdir(), "recipe-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = join(folder, "bin");
  const log = join(folder, "command-lines.log");
  await mkdir(bin);
  await writeFile(log, "");
  for (const program of run.programs) {
    const real = run.paths?.[program] ?? find(program);
    if (real === undefined) throw new Error(`${program} is not on this machine`);
    const script = `#!/bin/sh\nprintf '%s\\n' "${program} $*" >>'${log}'\nexec '${real}' "$@"\n`;
    await writeFile(join(bin, program), script);
    await chmod(join(bin, program), 0o755);
  }
  for (const [name, content] of Object.entries(run.files)) {
    await writeFile(join(folder, name), content);
  }
  const [program, ...args] = command;
  const child = spawn(join(bin, program), args, {
    cwd: folder,
    env: { PATH: bin, HOME: folder, ...run.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}).end(run.input ?? "");
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ]);
  const commandLines = await readFile(log, "utf8");
  return { exitCode, stdout, stderr, commandLines, folder } satisfies Outcome;
}

function find(program: string): string | undefined {
  return askProgram("sh", ["-c", `command -v ${program}`]);
}

/** What a program of this machine says; `undefined` if it is missing or fails. */
export function askProgram(program: string, args: readonly string[]): string | undefined {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" }; // Terraform would ask for a newer one
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", env });
  return status === 0 ? stdout.trim() : undefined;
}
