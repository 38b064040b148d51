import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Finds Chromium or Chrome: the path in CHROMIUM, or the usual places.
 *
 * @returns its path, or `undefined` if it is not installed
 */
export function findChromium(): string | undefined {
  const configured = process.env["CHROMIUM"];
  return configured ?? PATHS.find((path) => existsSync(path));
}

/**
 * As {@link findChromium}. If it is not installed, installs Debian's package where that is possible:
 * as root, with apt-get. A new CI machine has only Node and npm.
 *
 * @throws {Error} if it is not installed and cannot be
 */
export async function installChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    await aptGet("update");
    await aptGet("install", "--yes", "--no-install-recommends", "chromium");
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new Error("Chromium is not installed: install it, or set CHROMIUM to its path");
}

async function aptGet(...parameters: readonly string[]): Promise<void> {
  await run("/usr/bin/apt-get", [...parameters], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: INSTALL_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
}
