import { expect, test, vi } from "vitest";
import { createDeploySetup, DEPLOYED_SECRETS, SENDERS } from "./support/deploy-setup.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Forms that an API key can have. */
const PASTED = ["sk_canary0123456789", "canary0123456789abcdef0123456789", "canary"];

test.each([
  ["after --replace", (key: string) => ["--replace", key]],
  ["after --env", (key: string) => ["--env", key]],
  ["after --host", (key: string) => ["--host", key]],
  ["after --jurisdiction", (key: string) => ["--jurisdiction", key]],
  ["after --config", (key: string) => ["--config", key]],
  ["after --url", (key: string) => ["--check", "--url", key]],
  ["after an option without a value", (key: string) => [`--check=${key}`]],
  ["after an unknown option", (key: string) => [`--api-key=${key}`]],
  ["as an argument", (key: string) => [key]],
  ["as a short option", (key: string) => [`-${key}`]],
])("a secret pasted %s is not repeated", async (_, makeArguments) => {
  const { run, wrangler } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const runs = PASTED.map((key) => run(makeArguments(key)));
  for (const { code, stdout, stderr } of await Promise.all(runs)) {
    expect(code, stdout).toBe(1);
    expect(stderr).not.toBe("");
    expect(stdout + stderr).not.toContain("canary");
  }
  expect(JSON.stringify(await wrangler.readCalls())).not.toContain("canary");
});

test.each([
  ["as a JSON key", (key: string) => JSON.stringify({ [key]: "x" })],
  ["as a JSON key beside its value", (key: string) => `{"SENDERS":"[]","${key}":"${key}"}`],
  ["instead of JSON", (key: string) => key],
  ["in another shape", (key: string) => JSON.stringify({ SENDERS: [key] })],
  ["as an invalid value", (key: string) => JSON.stringify({ SENDERS: `[{"id":"${key}"}]` })],
  ["with a line break", (key: string) => JSON.stringify({ ELEVENLABS_API_KEY: `${key}\n` })],
  ["as a ledger key", (key: string) => JSON.stringify({ LEDGER_KEY: `lk_${key}` })],
  ["in a document with duplicate keys", (key: string) => `{"SENDERS":"${key}","SENDERS":"x"}`],
])("a secret on standard input %s is not repeated", async (_, makeInput) => {
  const { run, wrangler } = await createDeploySetup();
  const runs = PASTED.map((key) => run(["--secrets-from-stdin"], makeInput(key)));
  for (const { code, stdout, stderr } of await Promise.all(runs)) {
    expect(code).toBe(1);
    expect(stderr).not.toBe("");
    expect(stdout + stderr).not.toContain("canary");
  }
  expect((await wrangler.readAccount()).secrets).toBe(null);
});

test("an unknown option is named without its value", async () => {
  const { run } = await createDeploySetup();
  const { stderr } = await run(["--environment=canary"]);
  expect(stderr).toMatch(/^--environment is not an option\.\n\nUsage: npm run deploy/);
  expect(stderr).not.toContain("canary");
});

test("an input with an unknown name lists the names of the secrets", async () => {
  const { run } = await createDeploySetup();
  const { stderr } = await run(["--secrets-from-stdin"], JSON.stringify({ canary: SENDERS }));
  expect(stderr).toContain("ELEVENLABS_API_KEY, SENDERS, LEDGER_KEY");
});
