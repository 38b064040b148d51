import { readFile, writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import {
  ACCOUNT,
  API_KEY,
  createDeploySetup,
  DEPLOYED_SECRETS,
  SECRETS,
  SENDERS,
  serveHealth,
  TOKEN_HASH,
  VERSION_ID,
} from "./support/deploy-setup.ts";

vi.setConfig({ testTimeout: 60_000 });

test("a first deployment uploads code and secrets together and waits for the new version", async () => {
  const { run, wrangler } = await createDeploySetup();
  const { code, stdout, stderr } = await run(["--secrets-from-stdin"], SECRETS);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`✓ deployed version ${VERSION_ID}`);
  expect(stdout).toMatch(/✓ http:\/\/127\.0\.0\.1:\d+\/healthz: this version answers/);
  expect((await wrangler.readAccount()).secrets).toEqual({
    ELEVENLABS_API_KEY: API_KEY,
    SENDERS,
    LEDGER_KEY: expect.stringMatching(/^lk_[\w-]{43}$/),
  });
  const calls = (await wrangler.readCalls()).map(({ args }) => args.slice(0, 2).join(" "));
  expect(calls).toEqual([
    "deploy --dry-run",
    "whoami --json",
    "secret list",
    "deploy --secrets-file=/dev/stdin",
  ]);
});

test("the account is named before anything is uploaded, and every later command uses it", async () => {
  const { run, wrangler } = await createDeploySetup({ uploadFailure: "no" });
  const { stdout } = await run(["--secrets-from-stdin"], SECRETS);
  expect(stdout).toContain(`✓ account ${ACCOUNT.name} (${ACCOUNT.id})`);
  const [, , ...later] = await wrangler.readCalls();
  expect(later.map(({ env }) => env["CLOUDFLARE_ACCOUNT_ID"])).toEqual([ACCOUNT.id, ACCOUNT.id]);
});

test("a login with several accounts needs CLOUDFLARE_ACCOUNT_ID", async () => {
  const accounts = [ACCOUNT, { id: "f".repeat(32), name: "Other\u001b[2J" }];
  const { run, wrangler } = await createDeploySetup({ accounts });
  const { code, stderr } = await run(["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain(`Set CLOUDFLARE_ACCOUNT_ID to one of:\n  Example Inc: ${ACCOUNT.id}\n`);
  expect(stderr).not.toContain("\u001b");
  expect((await wrangler.readCalls()).at(-1)?.args[0]).toBe("whoami");
});

test("a second deployment asks for nothing and sets nothing", async () => {
  const { run, wrangler } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain("✓ LEDGER_KEY is set");
  expect((await wrangler.readAccount()).secrets).toEqual(DEPLOYED_SECRETS);
});

test("a rotation replaces one secret and keeps the others", async () => {
  const { run, wrangler } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const input = JSON.stringify({ ELEVENLABS_API_KEY: API_KEY });
  expect((await run(["--secrets-from-stdin"], input)).code).toBe(0);
  expect((await wrangler.readAccount()).secrets).toEqual({
    ...DEPLOYED_SECRETS,
    ELEVENLABS_API_KEY: API_KEY,
  });
});

test("a ledger key that is set is not replaced by one key without --replace", async () => {
  const { run, wrangler } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  const newKey = `lk_${"A".repeat(43)}`;
  const one = await run(["--secrets-from-stdin"], JSON.stringify({ LEDGER_KEY: newKey }));
  expect([one.code, one.stderr]).toEqual([1, expect.stringMatching(/^LEDGER_KEY is set\./)]);
  const both = `${newKey} ${DEPLOYED_SECRETS.LEDGER_KEY}`;
  const two = await run(["--secrets-from-stdin"], JSON.stringify({ LEDGER_KEY: both }));
  expect(two.code).toBe(0);
  expect((await wrangler.readAccount()).secrets).toEqual({ ...DEPLOYED_SECRETS, LEDGER_KEY: both });
});

test("without a terminal, the secrets that are missing are listed and nothing is changed", async () => {
  const { run, wrangler } = await createDeploySetup();
  const { code, stderr } = await run();
  expect(code).toBe(1);
  expect(stderr).toContain("ELEVENLABS_API_KEY:");
  expect(stderr).toContain("SENDERS:");
  expect(stderr).not.toContain("LEDGER_KEY:");
  expect((await wrangler.readCalls()).at(-1)?.args[0]).toBe("secret");
});

test("an API key that does not work is rejected before the upload", async () => {
  const { run, wrangler } = await createDeploySetup();
  const input = JSON.stringify({ ELEVENLABS_API_KEY: "sk_read-only", SENDERS });
  const { code, stdout, stderr } = await run(["--secrets-from-stdin"], input);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ /m);
  expect(stderr).toContain("The API key does not work");
  expect(stdout + stderr).not.toContain("sk_read-only");
  expect((await wrangler.readCalls()).at(-1)?.args[0]).toBe("secret");
});

test("a missing login stops the deployment and says how to log in", async () => {
  const { run, wrangler } = await createDeploySetup({ login: "missing" });
  const { code, stderr } = await run(["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain("npx wrangler login");
  expect((await wrangler.readCalls()).at(-1)?.args[0]).toBe("whoami");
});

test("a network failure is not reported as a missing login", async () => {
  const { run } = await createDeploySetup({ login: "unreachable" });
  const { code, stderr } = await run(["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain("likely due to a connectivity issue");
  expect(stderr).not.toContain("login`");
});

test("text around wrangler's JSON does not matter", async () => {
  const noise = "▲ [WARNING] A new version {4.164.0} is [available]\n[]\n{}";
  const { run, wrangler } = await createDeploySetup({ noise, secrets: DEPLOYED_SECRETS });
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain(`✓ account ${ACCOUNT.name}`);
  expect(stdout).toContain("✓ SENDERS is set");
  expect((await wrangler.readAccount()).secrets).toEqual(DEPLOYED_SECRETS);
});

test("a failed upload shows its reason without the lines that contain a secret", async () => {
  const uploadFailure = `invalid binding [code: 10021]\ngot SECRETS\nkey ${API_KEY.slice(4, 14)}…`;
  const { run } = await createDeploySetup({ uploadFailure });
  const { code, stdout, stderr } = await run(["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain("The deployment failed. wrangler says:\ninvalid binding [code: 10021]");
  expect(stdout + stderr).not.toMatch(new RegExp(`canary|${TOKEN_HASH.slice(7, 20)}`));
});

test("secrets are in no argument, no output and not in the environment of wrangler", async () => {
  const { run, wrangler } = await createDeploySetup();
  const env = { ELEVENLABS_API_KEY: API_KEY, WRANGLER_LOG_SANITIZE: "false" };
  const { code, stdout, stderr } = await run(["--secrets-from-stdin"], SECRETS, env);
  expect(code).toBe(0);
  const calls = await wrangler.readCalls();
  const seen = [stdout, stderr, JSON.stringify(calls)].join("\n");
  expect(seen).not.toContain(API_KEY);
  expect(seen).not.toContain(TOKEN_HASH);
  expect(new Set(calls.map(({ env }) => env["WRANGLER_LOG_SANITIZE"]))).toEqual(new Set(["true"]));
});

test("an invalid configuration of the deployed Worker fails the deployment and is printed safely", async () => {
  const errors = [
    { path: "RECONCILE", message: 'must be "on"\u001b]0;x\u0007\u001b[2J\r or "off"' },
  ];
  const target = await serveHealth({ code: "misconfigured", errors }, { status: 503 });
  const { run } = await createDeploySetup({ secrets: DEPLOYED_SECRETS, targets: [target] });
  const { code, stderr } = await run();
  expect(code).toBe(1);
  expect(stderr).toContain('  RECONCILE must be "on" or "off"\n');
  expect(stderr).not.toMatch(/(?!\n)\p{Cc}/u);
});

test("a route with a path is rejected before anything else", async () => {
  const { run, wrangler, configFile } = await createDeploySetup();
  const text = await readFile(configFile, "utf8");
  await writeFile(configFile, text.replace("{", '{ "routes": ["example.com/hooks/*"],'));
  const { code, stderr } = await run(["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain('The route "example.com/hooks/*" has a path.');
  expect(await wrangler.readCalls()).toEqual([]);
});
