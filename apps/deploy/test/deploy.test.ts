import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { afterEach, expect, test, vi } from "vitest";
import { type Account, createFakeWrangler, type FakeWrangler } from "./fake-wrangler.ts";

vi.setConfig({ testTimeout: 60_000 });

const API_KEY = "canary-api-key";
const HASH = `sha256:${"0".repeat(64)}`;
const SENDERS = JSON.stringify([{ id: "ci", tokenHashes: [HASH] }]);
const SECRETS = JSON.stringify({ ELEVENLABS_API_KEY: API_KEY, SENDERS });

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function createAccount(account: Partial<Account>): Promise<FakeWrangler> {
  const fake = await createFakeWrangler({
    loggedIn: true,
    secrets: null,
    targets: [await serveHealth({ status: "ok" })],
    ...account,
  });
  ends.push(fake.remove);
  return fake;
}

/** A deployed Worker, as far as the deployment asks it. */
async function serveHealth(health: object, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    const found = request.url === "/healthz";
    response.writeHead(found ? status : 404).end(JSON.stringify(found ? health : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(async () => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs the command as npm does where nobody can be asked. */
async function deploy({ path }: FakeWrangler, args: string[] = [], input = "") {
  const script = join(import.meta.dirname, "../src/deploy.ts");
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, PATH: path, WRANGLER_SEND_METRICS: "false" },
  });
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

test("a first deployment sets the secrets before the Worker runs, and asks it at the end", async () => {
  const fake = await createAccount({ packs: true });
  const { code, stdout } = await deploy(fake, ["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ http:\/\/127\.0\.0\.1:\d+\/healthz/);
  expect((await fake.readAccount()).secrets).toEqual({
    ELEVENLABS_API_KEY: API_KEY,
    SENDERS,
    LEDGER_KEY: expect.stringMatching(/^lk_[\w-]{43}$/),
  });
  expect(await fake.readCalls()).toEqual([
    "deploy --dry-run --env=",
    "whoami --json --env=",
    "secret list --env=",
    "secret bulk --env=",
    "deploy --env=",
  ]);
});

test("on a terminal it asks for what is missing, again after a mistake, and shows none of it", async () => {
  const fake = await createAccount({});
  const { code, shown } = await deployOnTerminal(fake, [
    ["ELEVENLABS_API_KEY:", "canary key\r"],
    ["ELEVENLABS_API_KEY again", `${API_KEY}\r`],
    ["SENDERS:", '{"canary":1}\r'],
    ["SENDERS again", `${SENDERS.replace("[", "[\r")}\r`],
  ]);
  expect(code).toBe(0);
  expect(shown).toContain("ELEVENLABS_API_KEY must be visible ASCII characters");
  expect(shown).toContain("SENDERS must be an array");
  expect(shown).not.toMatch(new RegExp(`canary|${HASH}`));
  expect((await fake.readAccount()).secrets).toEqual({
    ELEVENLABS_API_KEY: API_KEY,
    SENDERS,
    LEDGER_KEY: expect.stringMatching(/^lk_[\w-]{43}$/),
  });
});

/** Runs the command in a pseudo-terminal, and types each answer when its question shows. */
async function deployOnTerminal({ path }: FakeWrangler, answers: [string, string][]) {
  const script = join(import.meta.dirname, "../src/deploy.ts");
  const terminal = spawnInTerminal(process.execPath, [script], {
    cols: 200,
    env: { ...process.env, PATH: path, WRANGLER_SEND_METRICS: "false" },
  });
  let shown = "";
  terminal.onData((chunk) => {
    shown += chunk;
    const [question, answer] = answers[0] ?? [];
    if (question === undefined || answer === undefined || !shown.includes(question)) return;
    answers.shift();
    terminal.write(answer);
  });
  const code = await new Promise<number>((resolve) =>
    terminal.onExit(({ exitCode }) => resolve(exitCode)),
  );
  return { code, shown };
}

test("a second deployment asks for nothing and sets nothing", async () => {
  const fake = await createAccount({
    secrets: { ELEVENLABS_API_KEY: "k", SENDERS: "s", LEDGER_KEY: "l" },
  });
  const { code } = await deploy(fake);
  expect(code).toBe(0);
  expect(await fake.readCalls()).not.toContain("secret bulk --env=");
  expect((await fake.readAccount()).secrets).toEqual({
    ELEVENLABS_API_KEY: "k",
    SENDERS: "s",
    LEDGER_KEY: "l",
  });
});

test("a rotation sets one secret and leaves the other", async () => {
  const fake = await createAccount({
    secrets: { ELEVENLABS_API_KEY: "old", SENDERS: "s", LEDGER_KEY: "l" },
  });
  const input = JSON.stringify({ ELEVENLABS_API_KEY: API_KEY });
  expect((await deploy(fake, ["--secrets-from-stdin"], input)).code).toBe(0);
  expect((await fake.readAccount()).secrets).toEqual({
    ELEVENLABS_API_KEY: API_KEY,
    SENDERS: "s",
    LEDGER_KEY: "l",
  });
});

test("every command is for the environment that was asked for", async () => {
  const fake = await createAccount({});
  const args = ["--env", "staging", "--secrets-from-stdin"];
  const { code, stdout } = await deploy(fake, args, SECRETS);
  expect(code).toBe(0);
  expect(stdout).toContain("Worker convai-secrets-staging");
  const calls = await fake.readCalls();
  expect(calls.filter((call) => !call.endsWith("--env=staging"))).toEqual([]);
});

test("secrets travel by no argument and show in no output", async () => {
  const fake = await createAccount({});
  const { stdout, stderr } = await deploy(fake, ["--secrets-from-stdin"], SECRETS);
  const seen = [stdout, stderr, ...(await fake.readCalls())].join("\n");
  expect(seen).not.toContain(API_KEY);
  expect(seen).not.toContain(HASH);
});

test("where nobody can be asked, what is missing is named and nothing is changed", async () => {
  const fake = await createAccount({});
  const { code, stderr } = await deploy(fake);
  expect(code).toBe(1);
  expect(stderr).toContain("ELEVENLABS_API_KEY:");
  expect(stderr).toContain("SENDERS:");
  expect((await fake.readCalls()).at(-1)).toBe("secret list --env=");
});

test("without a login nothing else is tried", async () => {
  const fake = await createAccount({ loggedIn: false });
  const { code, stderr } = await deploy(fake, ["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain("wrangler login");
  expect((await fake.readCalls()).at(-1)).toBe("whoami --json --env=");
});

test("a secret that breaks a rule is refused before it is set, and not quoted", async () => {
  const fake = await createAccount({ secrets: { ELEVENLABS_API_KEY: "k" } });
  const input = JSON.stringify({ SENDERS: '[{"id":"canary"}]' });
  const { code, stderr } = await deploy(fake, ["--secrets-from-stdin"], input);
  expect(code).toBe(1);
  expect(stderr).toContain("SENDERS.0 must have a credential");
  expect(stderr).not.toContain("canary");
  expect((await fake.readCalls()).at(-1)).toBe("secret list --env=");
});

test("an input that is no JSON is refused and not quoted, however short", async () => {
  const fake = await createAccount({});
  const { code, stderr } = await deploy(fake, ["--secrets-from-stdin"], "canary");
  expect([code, stderr]).toEqual([1, "The input must be a JSON object of strings by name.\n"]);
});

test("what wrangler prints of secrets that it could not set is not shown", async () => {
  const fake = await createAccount({ refuses: true });
  const { code, stdout, stderr } = await deploy(fake, ["--secrets-from-stdin"], SECRETS);
  expect(code).toBe(1);
  expect(stderr).toContain("The secrets could not be set");
  expect(stdout + stderr).not.toContain(API_KEY);
  expect((await fake.readCalls()).at(-1)).toBe("secret bulk --env=");
});

test("an input of another shape is refused and not quoted", async () => {
  const fake = await createAccount({});
  const { code, stderr } = await deploy(fake, ["--secrets-from-stdin"], '{"SENDERS":["canary"]}');
  expect([code, stderr]).toEqual([1, "The input must be a JSON object of strings by name.\n"]);
});

test("an argument that is not known is not quoted: it may be a secret", async () => {
  const { code, stderr } = await deploy(await createAccount({}), ["canary"]);
  expect(code).toBe(1);
  expect(stderr).toContain("--secrets-from-stdin");
  expect(stderr).not.toContain("canary");
});

test("an environment that the configuration does not have is refused", async () => {
  const fake = await createAccount({});
  const { code, stderr } = await deploy(fake, ["--env", "nowhere"]);
  expect(code).toBe(1);
  expect(stderr).toContain('No environment found in configuration with name "nowhere"');
  expect(await fake.readCalls()).toEqual([]);
});

test("a deployment that fails says why", async () => {
  const fake = await createAccount({
    fails: true,
    secrets: { ELEVENLABS_API_KEY: "k", SENDERS: "s", LEDGER_KEY: "l" },
  });
  const { code, stderr } = await deploy(fake);
  expect(code).toBe(1);
  expect(stderr).toContain("A request to the Cloudflare API failed.");
});

test("a Worker that finds its configuration broken fails the deployment and says what is wrong", async () => {
  const errors = [{ path: "RECONCILE", message: 'must be "on" or "off"' }];
  const target = await serveHealth({ code: "misconfigured", errors }, 503);
  const secrets = { ELEVENLABS_API_KEY: "k", SENDERS: "s", LEDGER_KEY: "l" };
  const { code, stderr } = await deploy(await createAccount({ secrets, targets: [target] }));
  expect(code).toBe(1);
  expect(stderr).toContain('RECONCILE must be "on" or "off"');
});

test("a route with a pattern is no address to ask", async () => {
  const secrets = { ELEVENLABS_API_KEY: "k", SENDERS: "s", LEDGER_KEY: "l" };
  const fake = await createAccount({ secrets, targets: ["example.com/hooks/*"] });
  const { code, stdout } = await deploy(fake);
  expect(code).toBe(0);
  expect(stdout).toContain("ask /healthz at your route yourself");
});
