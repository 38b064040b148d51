import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { RATE_LIMIT_PERIOD_SECONDS } from "@convai-secrets/protocol";
import { expect, onTestFinished, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { WORKER_FOLDER } from "../support/folders.ts";

const CONFIG = join(WORKER_FOLDER, "wrangler.jsonc");

const production = unstable_readConfig({ config: CONFIG, env: "" });
const staging = unstable_readConfig({ config: CONFIG, env: "staging" });

/** Runs wrangler as a deployment would, without one. */
async function runWrangler(...args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wrangler-config-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = {
    ...process.env,
    NO_COLOR: "1",
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
  };
  const wrangler = join(WORKER_FOLDER, "../../node_modules/.bin/wrangler");
  const { stdout, stderr } = await promisify(execFile)(
    wrangler,
    args.map((arg) => arg.replace("FOLDER", folder)),
    { cwd: WORKER_FOLDER, env },
  );
  return stdout + stderr;
}

test.each([
  ["production", ""],
  ["staging", "staging"],
])("%s would deploy, and wrangler has nothing to warn of", async (_, env) => {
  const output = await runWrangler("deploy", "--dry-run", `--env=${env}`, "--outdir=FOLDER");
  expect(output).toContain("--dry-run: exiting now");
  expect(output).not.toContain("WARNING");
  for (const binding of ["LEDGER", "RATE_LIMITER", "VERSION", "ELEVENLABS_BASE_URL"]) {
    expect(output).toContain(`env.${binding} `);
  }
});

test("wrangler would warn of a key that it does not know", async () => {
  const text = await readFile(CONFIG, "utf8");
  const misspelt = join(WORKER_FOLDER, "dist/misspelt.jsonc");
  await writeFile(
    misspelt,
    text.replace('"preview_urls"', '"preview_urlz"').replace('"src/', '"../src/'),
  );
  const output = await runWrangler(
    "deploy",
    "--dry-run",
    "--env=",
    "--outdir=FOLDER",
    `--config=${misspelt}`,
  );
  expect(output).toContain("WARNING");
  expect(output).toContain("preview_urlz");
});

test("the Worker starts within wrangler's own check of its startup", async () => {
  const output = await runWrangler("check", "startup", "--env=", "--outfile=FOLDER/cpuprofile");
  expect(output).toContain("Startup phase analysed");
});

test("staging has all that production has, in a Worker of its own", () => {
  for (const key of ["exports", "durable_objects", "secrets", "limits", "observability"] as const) {
    expect(staging[key]).toEqual(production[key]);
  }
  expect(Object.keys(staging.vars)).toEqual(Object.keys(production.vars));
  expect(staging.version_metadata).toEqual(production.version_metadata);
  expect(staging.name).not.toBe(production.name);
});

test("staging counts its rate limit apart from production's", () => {
  const [mine] = staging.ratelimits;
  const [theirs] = production.ratelimits;
  expect(mine.simple).toEqual(theirs.simple);
  expect(mine.namespace_id).not.toBe(theirs.namespace_id);
});

test("the period of the rate limit is the wait that a sender is told", () => {
  expect(production.ratelimits[0].simple.period).toBe(RATE_LIMIT_PERIOD_SECONDS);
});

test("nothing that a request brings is logged but by the Worker itself", () => {
  expect(production.observability).toMatchObject({
    enabled: true,
    redact_query_string: true,
    logs: { enabled: true, invocation_logs: false },
  });
  expect(production.observability.traces?.enabled ?? false).toBe(false);
});
