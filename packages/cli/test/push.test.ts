import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand } from "./support/run-command.ts";
import { startForTest } from "./support/sender.ts";

const SHAPES: [string, unknown][] = [
  ["doppler", { DB_URL: "postgres://a", DB_PASSWORD: "p", DOPPLER_CONFIG: "prd" }],
  [
    "infisical",
    [
      { key: "DB_URL", value: "postgres://a", type: "shared", secretPath: "/" },
      { key: "DB_PASSWORD", value: "p", type: "shared", secretPath: "/" },
    ],
  ],
  [
    "vault, second version",
    {
      request_id: "b0b1",
      lease_duration: 0,
      renewable: false,
      data: {
        data: { DB_URL: "postgres://a", DB_PASSWORD: "p" },
        metadata: { version: 3, destroyed: false },
      },
      warnings: null,
    },
  ],
  [
    "vault, first version",
    { request_id: "b0b1", renewable: false, data: { DB_URL: "postgres://a", DB_PASSWORD: "p" } },
  ],
];

test.each(SHAPES)("what %s exports can be piped in", async (_, document) => {
  const { env, values } = await startForTest();
  const input = JSON.stringify(document);
  const { code, stdout } = await runCommand(["push", "--only", "DB_*"], { env, input });
  expect(code).toBe(0);
  expect(values()).toEqual({ DB_URL: "postgres://a", DB_PASSWORD: "p" });
  expect(stdout).toMatch(
    /^NAME +OUTCOME +SECRET_ID\nDB_URL +stored +\S+\nDB_PASSWORD +stored +\S+\n$/,
  );
});

test("a .env file is pushed, under other names, and --json tells each secret's id", async () => {
  const { env, values, upstream } = await startForTest();
  const file = join(await makeFolder(), ".env");
  await writeFile(file, "# comment\nexport DB_URL='a # b'\nDB_KEY=\"line 1\nline 2\"\nOTHER=x\n");
  const args = ["push", "--env-file", file, "--only", "DB_*", "--rename", "DB_*=CRM_*", "--json"];
  const { code, stdout, stderr } = await runCommand(args, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "2 stored.\n" });
  expect(values()).toEqual({ CRM_URL: "a # b", CRM_KEY: "line 1\nline 2" });
  const ids = new Map(upstream.secrets().map(({ name, secret_id }) => [name, secret_id]));
  const stored = (name: string) => ({
    name,
    outcome: "stored",
    secret_id: ids.get(name),
    attempts: 1,
  });
  expect(JSON.parse(stdout)).toEqual({
    dry_run: false,
    interrupted: false,
    summary: { stored: 2, already_stored: 0, not_created: 0, unknown: 0, not_sent: 0 },
    secrets: [stored("CRM_URL"), stored("CRM_KEY")],
  });
});

test("a .env file is read from a pipe, and from standard input", async () => {
  const { env, values } = await startForTest();
  await runCommand(["push", "-f", "-"], { env, input: "A=1\n" });
  const pipe = join(await makeFolder(), "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const ended = runCommand(["push", "-f", pipe], { env });
  await writeFile(pipe, "B=2\n");
  await ended;
  expect(values()).toEqual({ A: "1", B: "2" });
});

test.each(["env", "tokenEnv"] as const)(
  "pushed again, nothing is stored twice (%s)",
  async (which) => {
    const { [which]: env, upstream } = await startForTest();
    const input = JSON.stringify({ A: "1", B: "2" });
    const first = await runCommand(["push", "--json"], { env, input });
    const again = await runCommand(["push", "--json"], { env, input });
    expect(again.code).toBe(0);
    expect(upstream.secrets()).toHaveLength(2);
    const ids = (stdout: string) =>
      JSON.parse(stdout).secrets.map((one: { secret_id: string }) => one.secret_id);
    expect(ids(again.stdout)).toEqual(ids(first.stdout));
    expect(JSON.parse(again.stdout).summary).toMatchObject({ stored: 0, already_stored: 2 });
  },
);

test("everything wrong is listed, by name and rule, and nothing is sent", async () => {
  const { env, upstream } = await startForTest();
  const input =
    '{"GOOD":"canary","EMPTY":"","NUMBER":5,"LONE":"canary\\ud800","TWICE":"canary","TWICE":"x",' +
    `"LARGE":"${"canary".repeat(11_000)}","":"canary"}`;
  const { code, stdout, stderr } = await runCommand(["push", "--json"], { env, input });
  expect(code).toBe(3);
  expect(JSON.parse(stdout).error).toEqual({
    code: "invalid_input",
    message: "Nothing was sent: the input breaks rules",
    issues: [
      { path: "TWICE", message: "name must not be used twice" },
      { path: "EMPTY", message: "value must not be empty" },
      { path: "NUMBER", message: "value must be a string" },
      { path: "LONE", message: "value must be well-formed Unicode" },
      { path: "LARGE", message: "must not be larger than 64 KiB" },
      { path: "", message: "name must not be empty" },
    ],
  });
  expect(stdout + stderr).not.toContain("canary");
  expect(upstream.received().total).toBe(0);
});

test.each([
  ["an array", '[{"key":"A","value":"1"},{"key":"A","value":"2"}]', []],
  ["a .env file", "A=1\nA=2\n", ["-f", "-"]],
  ["renamed secrets", '{"X_A":"1","Y_A":"2"}', ["--rename", "X_*=A_*", "--rename", "Y_*=A_*"]],
])("a name used twice in %s is refused", async (_, input, args) => {
  const { env, upstream } = await startForTest();
  const { code, stderr } = await runCommand(["push", ...args], { env, input });
  expect(code).toBe(3);
  expect(stderr).toContain("name must not be used twice");
  expect(upstream.received().total).toBe(0);
});

test("a line of a .env file that cannot be understood is called by its number alone", async () => {
  const { env, upstream } = await startForTest();
  const input = "A=-----BEGIN KEY-----\nMIIcanary\nendcanary=\n-----END KEY-----\n";
  const { code, stdout, stderr } = await runCommand(["push", "-f", "-"], { env, input });
  expect(code).toBe(3);
  expect(stderr).toContain("line 2: must be NAME=value");
  expect(stderr).toContain("line 3: value must not be empty");
  expect(stdout + stderr).not.toContain("canary");
  expect(upstream.received().total).toBe(0);
});

test.each([
  ["no JSON", "canary=1", "must be JSON"],
  ["JSON cut short", '{"A":"canary', "must be JSON"],
  ["a text", '"canary"', "must be a JSON object or array"],
  ["null", "null", "must be a JSON object or array"],
  ["pairs of another kind", '[{"name":"canary"}]', "0: must be an object with key and value"],
  ["nothing in it", "{}", "holds no secret"],
])("%s is refused without quoting it", async (_, input, rule) => {
  const { env } = await startForTest();
  const { code, stdout, stderr } = await runCommand(["push"], { env, input });
  expect(code).toBe(3);
  expect(stderr).toContain(rule);
  expect(stdout + stderr).not.toContain("canary");
});

test("an --only that fits nothing is no success", async () => {
  const { env } = await startForTest();
  const input = '{"A":"1"}';
  const { code } = await runCommand(["push", "--only", "B*"], { env, input });
  expect(code).toBe(3);
});

test("one failing secret does not stop the others, and the exit code says so", async () => {
  const { env, upstream, values } = await startForTest();
  upstream.inject({ kind: "answer", status: 422, name: "BAD" });
  const input = JSON.stringify({ A: "1", BAD: "2", B: "3", C: "4" });
  const options = { env, input };
  const { code, stdout, stderr } = await runCommand(["push", "--concurrency", "1"], options);
  expect(code).toBe(4);
  expect(values()).toEqual({ A: "1", B: "3", C: "4" });
  expect(stdout).toMatch(/^BAD +not stored \(rejected_by_elevenlabs\) +-$/m);
  expect(stderr).toContain("BAD: ElevenLabs refused the secret");
  expect(stderr).toContain("3 stored, 1 not stored.");
});

test("one secret that nobody can tell of makes it 5", async () => {
  const { env, upstream } = await startForTest({ RECONCILE: "off" });
  upstream.inject({ kind: "drop", store: true, name: "BAD" });
  const input = JSON.stringify({ A: "1", BAD: "2" });
  const { code, stdout } = await runCommand(["push", "--json"], { env, input });
  expect(code).toBe(5);
  expect(JSON.parse(stdout).secrets).toMatchObject([
    { name: "A", outcome: "stored" },
    { name: "BAD", outcome: "unknown", error: { outcome: "unknown" } },
  ]);
});

test("a credential that is refused stops the rest: they would all meet the same", async () => {
  const { env, upstream } = await startForTest();
  const names = Array.from({ length: 50 }, (_, index) => [`N${index}`, "v"]);
  const { code, stdout } = await runCommand(["push", "--json", "--concurrency", "2"], {
    env: { ...env, CONVAI_SECRETS_KEY: `cs_${"a".repeat(43)}` },
    input: JSON.stringify(Object.fromEntries(names)),
  });
  expect(code).toBe(4);
  const { not_created, not_sent } = JSON.parse(stdout).summary;
  expect(not_created).toBeLessThanOrEqual(4);
  expect(not_created + not_sent).toBe(50);
  expect(upstream.received().total).toBe(0);
});

test("no more deliveries are under way than --concurrency says", async () => {
  const { env, upstream } = await startForTest();
  upstream.inject({ kind: "delay", ms: 100, times: Number.POSITIVE_INFINITY });
  const input = JSON.stringify(Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`N${n}`, "v"])));
  const { code } = await runCommand(["push", "--concurrency", "2"], { env, input });
  expect(code).toBe(0);
  // Each waits for the upstream before it is stored, so that two stored together began together.
  const times = upstream.secrets().map(({ createdAt }) => createdAt);
  for (const [index, time] of times.slice(0, -2).entries()) {
    expect((times[index + 2] ?? 0) - time).toBeGreaterThanOrEqual(90);
  }
});

test("a dry run checks everything, needs no credential and sends nothing", async () => {
  const { env, upstream } = await startForTest();
  const args = ["push", "--dry-run", "--rename", "CRM_*", "--json"];
  for (const environment of [env, {}]) {
    const { code, stdout } = await runCommand(args, { env: environment, input: '{"A":"canary"}' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      dry_run: true,
      secrets: [{ name: "CRM_A", outcome: "not_sent" }],
    });
  }
  expect(await runCommand(args, { env, input: '{"A":""}' })).toMatchObject({ code: 3 });
  expect(upstream.received().total).toBe(0);
});

test("a name that could act on a terminal is shown escaped", async () => {
  const input = JSON.stringify({ "A\u001b[2J\u202eB\n": "v" });
  const { stdout } = await runCommand(["push", "--dry-run"], { input });
  expect(stdout).toBe("NAME\nA\\u{1b}[2J\\u{202e}B\\u{a}\n");
});
