import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { unstable_readConfig } from "wrangler";
import { readConfiguration } from "../src/configuration.ts";
import { createDeploySetup, DEPLOYED_SECRETS, SECRETS } from "./support/deploy-setup.ts";

vi.setConfig({ testTimeout: 60_000 });

const EU = "https://api.eu.residency.elevenlabs.io";

test("--env with --host adds an environment that has all that production has", async () => {
  const { run, wrangler, configFile } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const before = await readFile(configFile, "utf8");
  const args = ["--env", "eu", "--host", "eu", "--jurisdiction", "eu"];
  const { code, stdout, stderr } = await run(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Worker convai-secrets-eu");

  const production = unstable_readConfig({ config: configFile, env: "" });
  const added = unstable_readConfig({ config: configFile, env: "eu" });
  for (const key of [
    "secrets",
    "durable_objects",
    "exports",
    "version_metadata",
    "limits",
    "observability",
  ] as const) {
    expect(added[key]).toEqual(production[key]);
  }
  expect(added.vars).toEqual({
    ...production.vars,
    ELEVENLABS_BASE_URL: EU,
    LEDGER_JURISDICTION: "eu",
  });
  expect(added.name).toBe("convai-secrets-eu");
  expect(added.routes).toEqual([]);
  const namespaces = [production, added].map(({ ratelimits }) => ratelimits[0].namespace_id);
  expect(new Set(namespaces).size).toBe(2);

  const calls = await wrangler.readCalls();
  expect(calls.filter(({ args }) => !args.includes("--env=eu"))).toEqual([]);
  const comments = before.split("\n").filter((line) => line.trim().startsWith("//"));
  const after = await readFile(configFile, "utf8");
  for (const comment of comments) expect(after).toContain(comment);
});

test("a repeated deployment of an environment leaves the configuration as it is", async () => {
  const { run, configFile } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const args = ["--env", "eu", "--host", "eu"];
  expect((await run(args)).code).toBe(0);
  const added = await readFile(configFile, "utf8");
  expect((await run(args)).code).toBe(0);
  expect((await run(["--env", "eu"])).code).toBe(0);
  expect(await readFile(configFile, "utf8")).toBe(added);
});

test("several environments count their rate limits apart", async () => {
  const { run, configFile } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  for (const name of ["eu", "us"]) await run(["--env", name, "--host", name]);
  const namespaces = ["", "eu", "us"].map(
    (env) => unstable_readConfig({ config: configFile, env }).ratelimits[0].namespace_id,
  );
  expect(new Set(namespaces).size).toBe(3);
});

test.each([
  ["host", ["--host", "us"]],
  ["jurisdiction", ["--jurisdiction", "fedramp"]],
])(
  "another %s for an environment that exists is rejected before wrangler runs",
  async (_, args) => {
    const { run, wrangler } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
    await run(["--env", "eu", "--host", "eu", "--jurisdiction", "eu"]);
    const { length } = await wrangler.readCalls();
    const { code, stderr } = await run(["--env", "eu", ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain("This environment exists.");
    expect(await wrangler.readCalls()).toHaveLength(length);
  },
);

test("without a terminal and without --host, a missing environment is not added", async () => {
  const { run, wrangler, configFile } = await createDeploySetup();
  const before = await readFile(configFile, "utf8");
  const { code, stderr } = await run(["--env", "nowhere", "--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain("has no such environment. It has: no environments.");
  expect(await wrangler.readCalls()).toEqual([]);
  expect(await readFile(configFile, "utf8")).toBe(before);
});

test("production's routes and operator page are not copied to another environment", async () => {
  const { run, configFile } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const text = await readFile(configFile, "utf8");
  const routes = '{ "routes": [{ "pattern": "secrets.example.com", "custom_domain": true }],';
  const access = `"vars": { "OPERATOR_ACCESS": "{}",`;
  await writeFile(configFile, text.replace("{", routes).replace('"vars": {', access));
  expect((await run(["--env", "eu", "--host", "eu"])).code).toBe(0);
  const added = unstable_readConfig({ config: configFile, env: "eu" });
  expect(added.routes).toEqual([]);
  expect(added.workers_dev).toBe(true);
  expect(added.vars).not.toHaveProperty("OPERATOR_ACCESS");
});

test("the Worker's own configuration is ready for production and has no other environment", async () => {
  const file = join(import.meta.dirname, "../../worker/wrangler.jsonc");
  const production = unstable_readConfig({ config: file, env: "" });
  expect(production.secrets?.required).toEqual(["ELEVENLABS_API_KEY", "SENDERS", "LEDGER_KEY"]);
  expect((await readConfiguration(file)).configuration.env).toEqual({});
});
