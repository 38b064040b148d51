import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Found, Missing } from "../runtime.ts";
import type { Servers } from "../servers/start-servers.ts";
import type { Report } from "../suite/support/report.ts";
import { suiteFile } from "../suite-file.ts";

const execute = promisify(execFile);
const TIMEOUT_MS = 180_000;

/** A runtime that is a program and runs JavaScript files: Node, Bun, Deno. */
export async function findProgram(path: string, args: readonly string[]): Promise<Found | Missing> {
  const version = await readVersion(path);
  if (version === undefined) return { missing: `${path} does not run here` };
  return {
    version,
    run: (servers) => runProgram(path, [...args, suiteFile("program.js")], servers),
  };
}

/** The first version number in the output of `--version`. */
export async function readVersion(path: string): Promise<string | undefined> {
  const said = await execute(path, ["--version"], { timeout: 20_000 }).catch(() => undefined);
  return /\d+(?:\.\d+)+/.exec(said?.stdout ?? "")?.[0];
}

async function runProgram(path: string, args: string[], { setting }: Servers): Promise<Report> {
  // The program gets no other variable of this environment, such as a proxy or a registry.
  const env = { SETTING: JSON.stringify(setting), HOME: "/nonexistent" };
  const options = { env, timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await execute(path, args, options);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
