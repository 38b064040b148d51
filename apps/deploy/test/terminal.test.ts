import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import {
  API_KEY,
  createDeploySetup,
  DEPLOYED_SECRETS,
  SENDERS,
  TOKEN_HASH,
} from "./support/deploy-setup.ts";
import { runOnTerminal } from "./support/run-on-terminal.ts";

vi.setConfig({ testTimeout: 60_000 });

test("on a terminal, missing secrets are asked for until they are valid, and none is shown", async () => {
  const setup = await createDeploySetup();
  const document = JSON.stringify(JSON.parse(SENDERS), null, 2).replaceAll("\n", "\r");
  const { code, shown } = await runOnTerminal(
    setup,
    [],
    [
      ["ELEVENLABS_API_KEY:", "canary key\r"],
      ["ELEVENLABS_API_KEY again", `${API_KEY}\r`],
      ["SENDERS:", '{"canary":1}\r'],
      ["SENDERS again", `${document}\r`],
    ],
  );
  expect(code, shown).toBe(0);
  expect(shown).toContain("ELEVENLABS_API_KEY must be visible ASCII characters");
  expect(shown).toContain("SENDERS must be an array");
  expect(shown).toContain("✓ LEDGER_KEY generated");
  expect(shown).not.toMatch(new RegExp(`canary|${TOKEN_HASH}`));
  const { secrets } = await setup.wrangler.readAccount();
  expect(secrets).toMatchObject({ ELEVENLABS_API_KEY: API_KEY });
  expect(JSON.parse(secrets?.["SENDERS"] ?? "")).toEqual(JSON.parse(SENDERS));
});

test("--replace asks for a secret that is set", async () => {
  const setup = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const { code, shown } = await runOnTerminal(
    setup,
    ["--replace", "ELEVENLABS_API_KEY"],
    [["ELEVENLABS_API_KEY:", `${API_KEY}\r`]],
  );
  expect(code, shown).toBe(0);
  expect((await setup.wrangler.readAccount()).secrets).toEqual({
    ...DEPLOYED_SECRETS,
    ELEVENLABS_API_KEY: API_KEY,
  });
});

test.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s at a question changes nothing and says so", async (_, keys) => {
  const setup = await createDeploySetup();
  const { code, shown } = await runOnTerminal(setup, [], [["ELEVENLABS_API_KEY:", keys]]);
  expect(code).toBe(1);
  expect(shown).toContain("Cancelled. Nothing was changed.");
  expect((await setup.wrangler.readAccount()).secrets).toBe(null);
});

test("a new environment is asked for its host and jurisdiction", async () => {
  const setup = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const { code, shown } = await runOnTerminal(
    setup,
    ["--env", "eu"],
    [
      ["ElevenLabs host", "nowhere\r"],
      ["ElevenLabs host", "eu\r"],
      ["Where Cloudflare keeps the ledger", "eu\r"],
    ],
  );
  expect(code, shown).toBe(0);
  expect(shown).toContain("Worker convai-secrets-eu");
  expect(await readFile(setup.configFile, "utf8")).toContain('"LEDGER_JURISDICTION": "eu"');
});
