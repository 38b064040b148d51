import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

/*
 * `npm start` and `npm run demo`: builds what they need without output, unless the build fails or
 * takes longer than 1 second. Then runs src/start.ts or src/demo.ts in this same process. npm sends
 * SIGTERM only to the script's own process, so with a shell in between (`build && run`) the programs
 * would keep running.
 */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** wrangler bundles the Worker itself, so only what it imports is built; and the printed command. */
const FILTERS = [
  "--filter=@convai-secrets/local^...",
  "--filter=@convai-secrets/worker^...",
  "--filter=convai-secrets",
];

/** How long a build may take before "Building …" is printed, in milliseconds. */
const PATIENCE_MS = 1_000;

const PROGRAMS: Readonly<Record<string, URL>> = {
  start: new URL("src/start.ts", import.meta.url),
  demo: new URL("src/demo.ts", import.meta.url),
};

let stoppedBy: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined;
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    stoppedBy ??= name;
    stopping.abort();
  });
}

const program = PROGRAMS[process.argv[2] ?? ""];
if (program === undefined) {
  process.stderr.write("Usage: node apps/local/run.ts start|demo\n");
  process.exitCode = 2;
} else if (await build()) {
  await import(program.href);
  // The program takes signals from here on; one that came while it was loading is passed on.
  if (stoppedBy !== undefined) process.kill(process.pid, stoppedBy);
} else {
  process.exitCode = stoppedBy === undefined ? 1 : 128 + constants.signals[stoppedBy];
}

/** Returns whether the build succeeded. Prints turbo's output only if it failed. */
async function build(): Promise<boolean> {
  const turbo = createRequire(import.meta.url).resolve("turbo/bin/turbo");
  const child = spawn(
    process.execPath,
    [turbo, "run", "build", ...FILTERS, "--output-logs=errors-only"],
    {
      cwd: ROOT,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
      signal: stopping.signal,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
  }
  const patience = setTimeout(() => process.stdout.write("Building …\n"), PATIENCE_MS);
  try {
    const [exitCode] = await once(child, "close");
    if (exitCode !== 0 && stoppedBy === undefined) process.stderr.write(said);
    return exitCode === 0 && stoppedBy === undefined;
  } catch (error) {
    if (stoppedBy === undefined) process.stderr.write(`turbo did not start: ${error}\n`);
    return false;
  } finally {
    clearTimeout(patience);
  }
}
