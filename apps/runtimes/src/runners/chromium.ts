import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Runtime } from "../runtime.ts";
import type { Servers } from "../servers/start-servers.ts";
import type { Report } from "../suite/support/report.ts";
import { readVersion } from "./run-program.ts";

const PATHS = [
  ...(process.env["CHROMIUM"] === undefined ? [] : [process.env["CHROMIUM"]]),
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const TIMEOUT_MS = 180_000;

/** No window, no user profile, and no request to another machine. */
const FLAGS = [
  "--headless=new",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--disable-features=OptimizationHints,MediaRouter,Translate",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  "--metrics-recording-only",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-pings",
  "--password-store=basic",
  "--use-mock-keychain",
  // As root it does not start in its sandbox. It opens only the page of the suite.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** The page sends its report itself, so no browser automation is needed. */
export const chromium: Runtime = {
  name: "Chromium",
  async find() {
    for (const path of PATHS) {
      const version = await readVersion(path);
      if (version !== undefined) return { version, run: (servers) => runChromium(path, servers) };
    }
    return { missing: "not installed (apt-get install chromium, or set CHROMIUM to its path)" };
  },
};

async function runChromium(path: string, { page, pageReport }: Servers): Promise<Report> {
  const profile = await mkdtemp(join(tmpdir(), "runtimes-chromium-"));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, page], {
    stdio: "ignore",
    // In its own process group, so that all of its processes can be killed.
    detached: true,
  });
  const exited = once(child, "exit");
  const clock = new AbortController();
  try {
    return await Promise.race([
      pageReport,
      exited.then(() => fail("Chromium ended before the suite did")),
      setTimeout(TIMEOUT_MS, undefined, { signal: clock.signal }).then(() =>
        fail("Chromium sent no report in time"),
      ),
    ]);
  } finally {
    clock.abort();
    killGroup(child.pid);
    await exited.catch(() => {});
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // The process has ended.
  }
}

function fail(why: string): never {
  throw new Error(why);
}
