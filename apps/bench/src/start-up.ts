import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUILT_WORKER } from "@convai-secrets/testing";
import { bundleWorker } from "./bundle.ts";
import { type Spread, summarize } from "./statistics.ts";
import { WORK_FOLDER } from "./workers.ts";

/** How long a Worker's top level runs before its first request, by Wrangler's profile. */
export interface StartUpTime {
  readonly name: string;
  readonly ms: Spread;
}

/** Profiles the start of each Worker in turn with `wrangler check startup`. */
export async function measureStartUp(rounds: number): Promise<StartUpTime[]> {
  const workers: [string, Uint8Array][] = [
    ["this Worker, whole", await readFile(BUILT_WORKER)],
    ["a Worker with hono and zod", await bundleWorker("hono-zod")],
    ["a Worker around the official SDK", await bundleWorker("sdk")],
  ];
  const times: number[][] = workers.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, code]] of workers.entries()) times[index]?.push(await profile(code));
  }
  return workers.map(([name], index) => ({ name, ms: summarize(times[index] ?? []) }));
}

async function profile(code: Uint8Array): Promise<number> {
  const folder = await mkdtemp(join(WORK_FOLDER, "start-up-"));
  try {
    await writeFile(join(folder, "main.js"), code);
    const config = { name: "bench", main: "main.js", compatibility_date: "2026-11-01" };
    await writeFile(join(folder, "wrangler.json"), JSON.stringify(config));
    const { stdout } = await promisify(execFile)(
      "wrangler",
      ["check", "startup", "--args=--no-bundle", "--outfile=startup.cpuprofile"],
      {
        cwd: folder,
        env: {
          ...process.env,
          WRANGLER_SEND_METRICS: "false",
          CLOUDFLARE_CF_FETCH_ENABLED: "false",
        },
      },
    );
    return parseActiveMs(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the time in which code ran, without idle samples, from Wrangler's output. */
export function parseActiveMs(output: string): number {
  const active = /Active: ([\d.]+) ms/.exec(output)?.[1];
  if (active === undefined) throw new Error("wrangler check startup printed no active time");
  return Number(active);
}
