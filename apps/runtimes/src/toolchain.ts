import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const FOLDER = new URL("../toolchain/", import.meta.url);
const LOCKFILE = new URL("package-lock.json", FOLDER);
const INSTALLED = new URL("node_modules/.installed", FOLDER);

/** The programs in the packages of `toolchain/package.json`. */
const PROGRAMS = {
  node20: `node20-${arch()}/bin/node`,
  node22: `node22-${arch()}/bin/node`,
  node26: `node26-${arch()}/bin/node`,
  bun: `@oven/bun-${platform()}-${arch() === "arm64" ? "aarch64" : arch()}/bin/bun`,
  deno: `@deno/${platform()}-${arch()}-glibc/deno`,
} as const;

/** A program of the toolchain. */
export type ToolName = keyof typeof PROGRAMS;

const TOOLS = Object.keys(PROGRAMS) as ToolName[];

/** The path of a program of the toolchain, whether or not it is installed. */
export function pathOf(tool: ToolName): string {
  return fileURLToPath(new URL(`node_modules/${PROGRAMS[tool]}`, FOLDER));
}

let installation: Promise<string | undefined> | undefined;

/**
 * Installs the runtimes that are npm packages, unless those of this lockfile are installed. They
 * need more than 500 MB, so `npm ci` at the root does not install them.
 *
 * @returns why it failed, or `undefined`
 */
export function installToolchain(): Promise<string | undefined> {
  installation ??= install();
  return installation;
}

async function install(): Promise<string | undefined> {
  const lockfile = await readFile(LOCKFILE, "utf8");
  if ((await readFile(INSTALLED, "utf8").catch(() => "")) === lockfile) return undefined;
  try {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    const options = { cwd: fileURLToPath(FOLDER), maxBuffer: 16 * 1024 * 1024 };
    await promisify(execFile)("npm", args, options);
    // npm skips an optional package that it cannot download, and one for another platform.
    const absent = TOOLS.filter((tool) => !existsSync(pathOf(tool)));
    if (absent.length > 0) return `npm has no package of it for ${platform()} on ${arch()}`;
    await writeFile(INSTALLED, lockfile);
    return undefined;
  } catch (error) {
    return `npm ci failed in apps/runtimes/toolchain: ${readReason(error)}`;
  }
}

function readReason(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return stderr?.split("\n").find((line) => line.includes("npm error")) ?? String(error);
}
