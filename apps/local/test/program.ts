import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

/** A program of this package, running. */
export interface RunningProgram {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until its output holds a text. */
  until(text: string): Promise<void>;
  /** Waits until it has ended, and gives its exit code. */
  ended(): Promise<number | null>;
}

/** Marks everything the program starts, so that what it leaves running can be found. */
const MARK = "LOCAL_TEST_RUN";

export function runProgram(name: "start" | "demo", env: Record<string, string>): RunningProgram {
  const path = fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url));
  return run(process.execPath, [path], env);
}

/** Starts `npm start` for the tests of a file. Gives what it prints once it runs. */
export function useStart(): () => string {
  let start: RunningProgram;
  beforeAll(async () => {
    start = runProgram("start", { PORT: "0" });
    await start.until("Ctrl-C stops everything.");
  });
  afterAll(async () => {
    start.child.kill("SIGINT");
    await start.ended();
  });
  return () => start.output();
}

/** As a user starts it, by npm and through the build. */
export function runByNpm(script: string, env: Record<string, string>): RunningProgram {
  return run("npm", ["run", "--silent", script], env);
}

function run(command: string, commandArguments: string[], env: Record<string, string>) {
  const child = spawn(command, commandArguments, {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const exit = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    async until(text: string) {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without "${text}":\n${output}`);
        await Promise.race([once(child.stdout, "data"), exit]);
      }
    },
    ended: () => exit,
  };
}

/** An environment that marks a run, and a function that lists the processes it left behind. */
export function markRun(): { env: Record<string, string>; listLeft: () => Promise<string[]> } {
  const mark = crypto.randomUUID();
  return { env: { [MARK]: mark }, listLeft: () => listProcesses(`${MARK}=${mark}`) };
}

async function listProcesses(variable: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const environments = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      return environment.includes(variable) ? [pid] : [];
    }),
  );
  return environments.flat();
}
