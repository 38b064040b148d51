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

/** Runs wrangler without a Cloudflare account. */
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

test("wrangler bundles the Worker for a deployment without a warning", async () => {
  const output = await runWrangler("deploy", "--dry-run", "--env=", "--outdir=FOLDER");
  expect(output).toContain("--dry-run: exiting now");
  expect(output).not.toContain("WARNING");
  for (const binding of ["LEDGER", "RATE_LIMITER", "VERSION", "ELEVENLABS_BASE_URL"]) {
    expect(output).toContain(`env.${binding} `);
  }
});

test("wrangler warns about an unknown key of its configuration", async () => {
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

test("the rate limit has the period that senders get as retry-after", () => {
  expect(production.ratelimits[0].simple.period).toBe(RATE_LIMIT_PERIOD_SECONDS);
});

test("Cloudflare logs no parts of a request by itself", () => {
  expect(production.observability).toMatchObject({
    enabled: true,
    redact_query_string: true,
    logs: { enabled: true, invocation_logs: false },
  });
  expect(production.observability.traces?.enabled ?? false).toBe(false);
});
