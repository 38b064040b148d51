import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Lab } from "../lab/start-lab.ts";
import type { Found, Missing } from "../runtime.ts";
import type { Report } from "../suite/report.ts";
import { suiteFile } from "../suite-file.ts";

const execute = promisify(execFile);
const TIMEOUT_MS = 180_000;

/** A runtime that is a program which runs JavaScript files: Node, Bun, Deno. */
export async function findProgram(path: string, args: readonly string[]): Promise<Found | Missing> {
  const version = await readVersion(path);
  if (version === undefined) return { missing: `${path} does not run here` };
  return { version, run: (lab) => runProgram(path, [...args, suiteFile("program.js")], lab) };
}

/** The first number in what the program says of itself. */
export async function readVersion(path: string): Promise<string | undefined> {
  const said = await execute(path, ["--version"], { timeout: 20_000 }).catch(() => undefined);
  return /\d+(?:\.\d+)+/.exec(said?.stdout ?? "")?.[0];
}

async function runProgram(path: string, args: string[], { setting }: Lab): Promise<Report> {
  // Nothing of this process's environment goes along, no proxy and no registry of a user.
  const env = { SETTING: JSON.stringify(setting), HOME: "/nonexistent" };
  const options = { env, timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await execute(path, args, options);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
