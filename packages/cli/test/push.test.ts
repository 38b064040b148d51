import { execFile } from "node:child_process";
import { once } from "node:events";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand, startCommand } from "./support/run-command.ts";
import { startForTest, UNKNOWN_TOKEN } from "./support/worker.ts";

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

test.each(SHAPES)("push reads the export of %s from standard input", async (_, document) => {
  const { env, values } = await startForTest();
  const input = JSON.stringify(document);
  const { code, stdout } = await runCommand(["push", "-", "--only", "DB_*"], { env, input });
  expect(code).toBe(0);
  expect(values()).toEqual({ DB_URL: "postgres://a", DB_PASSWORD: "p" });
  expect(stdout).toMatch(
    /^NAME +OUTCOME +SECRET_ID\nDB_URL +created +\S+\nDB_PASSWORD +created +\S+\n$/,
  );
});

test("push reads a .env file, renames, and prints each secret_id with --json", async () => {
  const { env, values, upstream } = await startForTest();
  const file = join(await makeFolder(), ".env");
  await writeFile(file, "# comment\nexport DB_URL='a # b'\nDB_KEY=\"line 1\nline 2\"\nOTHER=x\n");
  const selection = ["--only", "DB_*", "--rename", "DB_*=CRM_*"];
  const args = ["push", file, "--dialect", "dotenv", ...selection, "--json"];
  const { code, stdout, stderr } = await runCommand(args, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "2 created.\n" });
  expect(values()).toEqual({ CRM_URL: "a # b", CRM_KEY: "line 1\nline 2" });
  const ids = new Map(upstream.secrets().map(({ name, secret_id }) => [name, secret_id]));
  const stored = (name: string) => ({
    name,
    outcome: "created",
    secret_id: ids.get(name),
  });
  expect(JSON.parse(stdout)).toEqual({
    dry_run: false,
    interrupted: false,
    skipped: 0,
    summary: { created: 2 },
    secrets: [stored("CRM_URL"), stored("CRM_KEY")],
  });
});

test("push reads a .env file from a named pipe and from standard input", async () => {
  const { env, values } = await startForTest();
  await runCommand(["push", "-", "--format", "env"], { env, input: "A=1\n" });
  const pipe = join(await makeFolder(), "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const ended = runCommand(["push", pipe, "--format", "env"], { env });
  await writeFile(pipe, "B=2\n");
  await ended;
  expect(values()).toEqual({ A: "1", B: "2" });
});

test.each(["env", "tokenEnv"] as const)(
  "a repeated push stores nothing twice (%s)",
  async (which) => {
    const { [which]: env, upstream } = await startForTest();
    const input = JSON.stringify({ A: "1", B: "2" });
    const first = await runCommand(["push", "-", "--json"], { env, input });
    const again = await runCommand(["push", "-", "--json"], { env, input });
    expect(again.code).toBe(0);
    expect(upstream.secrets()).toHaveLength(2);
    const ids = (stdout: string) =>
      JSON.parse(stdout).secrets.map((one: { secret_id: string }) => one.secret_id);
    expect(ids(again.stdout)).toEqual(ids(first.stdout));
    expect(JSON.parse(again.stdout).summary).toEqual({ replayed: 2 });
  },
);

test("push lists every broken rule by name, and sends nothing", async () => {
  const { env, upstream } = await startForTest();
  const input =
    '{"GOOD":"canary","EMPTY":"","NUMBER":5,"LONE":"canary\\ud800",' +
    `"LARGE":"${"canary".repeat(11_000)}","":"canary"}`;
  const { code, stdout, stderr } = await runCommand(["push", "-", "--json"], { env, input });
  expect(code).toBe(3);
  expect(JSON.parse(stdout).error).toEqual({
    code: "invalid_input",
    message: "Nothing was sent: the input breaks rules",
    issues: [
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
  ["a .env file", "A=1\nA=2\n", ["--format", "env"]],
  ["renamed secrets", '{"X_A":"1","Y_A":"2"}', ["--rename", "X_*=A_*", "--rename", "Y_*=A_*"]],
])("duplicate names in %s are rejected", async (_, input, args) => {
  const { env, upstream } = await startForTest();
  const { code, stderr } = await runCommand(["push", "-", ...args], { env, input });
  expect(code).toBe(3);
  expect(stderr).toContain("name must not be used twice");
  expect(upstream.received().total).toBe(0);
});

test("an unreadable line of a .env file is named by its number alone", async () => {
  const { env, upstream } = await startForTest();
  const input = "A=-----BEGIN KEY-----\nMIIcanary\nendcanary=\n-----END KEY-----\n";
  const { code, stdout, stderr } = await runCommand(["push", "-", "--format", "env"], {
    env,
    input,
  });
  expect(code).toBe(3);
  expect(stderr).toContain("line 2: must be NAME=value");
  expect(stderr).toContain("line 3: looks like wrapped base64");
  expect(stderr).toContain("line 1 (A): must not have white space");
  expect(stdout + stderr).not.toContain("canary");
  expect(upstream.received().total).toBe(0);
});

test.each([
  ["text that is not JSON", "canary=1", "must be JSON"],
  ["JSON cut short", '{"A":"canary', "must be JSON"],
  ["a string", '"canary"', "must be, as a whole, one of these formats"],
  ["null", "null", "must be, as a whole, one of these formats"],
  ["pairs of another kind", '[{"name":"canary"}]', "must be, as a whole, one of these formats"],
  ["an empty object", "{}", "contains no secret"],
  ["a duplicate key", '{"canary":"1","canary":"2"}', "must not contain duplicate keys"],
])("push rejects %s without printing it", async (_, input, rule) => {
  const { env } = await startForTest();
  const { code, stdout, stderr } = await runCommand(["push", "-"], { env, input });
  expect(code).toBe(3);
  expect(stderr).toContain(rule);
  expect(stdout + stderr).not.toContain("canary");
});

test("an --only that matches no name ends with 3", async () => {
  const { env } = await startForTest();
  const input = '{"A":"1"}';
  const { code } = await runCommand(["push", "-", "--only", "B*"], { env, input });
  expect(code).toBe(3);
});

test("one rejected secret does not stop the others, and the exit code is 4", async () => {
  const { env, upstream, values } = await startForTest();
  upstream.inject({ kind: "answer", status: 422, name: "BAD" });
  const input = JSON.stringify({ A: "1", BAD: "2", B: "3", C: "4" });
  const options = { env, input };
  const { code, stdout, stderr } = await runCommand(["push", "-", "--concurrency", "1"], options);
  expect(code).toBe(4);
  expect(values()).toEqual({ A: "1", B: "3", C: "4" });
  expect(stdout).toMatch(/^BAD +not stored \(rejected_by_elevenlabs\) +-$/m);
  expect(stderr).toContain("BAD: Rejected by ElevenLabs");
  expect(stderr).toContain("3 created, 1 not stored.");
  expect(stderr).not.toContain("again");
});

test("one unknown outcome makes the exit code 5", async () => {
  const { env, upstream } = await startForTest({}, { RECONCILE: "off" });
  upstream.inject({ kind: "drop", store: true, name: "BAD" });
  const input = JSON.stringify({ A: "1", BAD: "2" });
  const { code, stdout } = await runCommand(["push", "-", "--json"], { env, input });
  expect(code).toBe(5);
  expect(JSON.parse(stdout).secrets).toMatchObject([
    { name: "A", outcome: "created" },
    { name: "BAD", outcome: "unknown", error: { outcome: "unknown" } },
  ]);
});

test("a rejected credential stops the push, because every secret would fail", async () => {
  const { stack, upstream } = await startForTest();
  const names = Array.from({ length: 50 }, (_, index) => [`N${index}`, "v"]);
  const { code, stdout } = await runCommand(["push", "-", "--json", "--concurrency", "2"], {
    env: { CONVAI_SECRETS_URL: stack.url, CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN },
    input: JSON.stringify(Object.fromEntries(names)),
  });
  expect(code).toBe(4);
  const { not_applied, not_sent } = JSON.parse(stdout).summary;
  expect(not_applied).toBeLessThanOrEqual(4);
  expect(not_applied + not_sent).toBe(50);
  expect(upstream.received().total).toBe(0);
});

test("no more deliveries are in flight than --concurrency allows", async () => {
  const { env, upstream } = await startForTest();
  upstream.inject({ kind: "delay", ms: 100, times: Number.POSITIVE_INFINITY });
  const input = JSON.stringify(Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`N${n}`, "v"])));
  const { code } = await runCommand(["push", "-", "--concurrency", "2"], { env, input });
  expect(code).toBe(0);
  // Each waits for the upstream before it is stored, so that two stored together began together.
  const times = upstream.secrets().map(({ createdAt }) => createdAt);
  for (const [index, time] of times.slice(0, -2).entries()) {
    expect((times[index + 2] ?? 0) - time).toBeGreaterThanOrEqual(90);
  }
});

test("a dry run asks the Worker what would happen, and stores nothing", async () => {
  const { env, upstream } = await startForTest({ existing: "update" });
  const run = (input: string, ...args: string[]) =>
    runCommand(["push", "-", "--json", ...args], { env, input });
  await run('{"A":"1","B":"2"}');
  const { code, stdout, stderr } = await run('{"A":"1","B":"3","C":"4"}', "--dry-run");
  expect(code).toBe(0);
  const id = (name: string) => upstream.secrets().find((one) => one.name === name)?.secret_id;
  expect(JSON.parse(stdout)).toMatchObject({
    dry_run: true,
    summary: { would_create: 1, would_update: 1, would_replay: 1 },
    secrets: [
      { name: "A", outcome: "would_replay", secret_id: id("A") },
      { name: "B", outcome: "would_update", secret_id: id("B") },
      { name: "C", outcome: "would_create" },
    ],
  });
  expect(stderr).toContain("Dry run, nothing was stored: ");
  expect(upstream.secrets()).toHaveLength(2);
  expect(await run('{"A":""}', "--dry-run")).toMatchObject({ code: 3 });
});

test("a dry run of a name that the policy does not allow ends with 4", async () => {
  const { env } = await startForTest({ names: ["CRM_*"] });
  const options = { env, input: '{"ERP":"1"}' };
  const { code, stdout } = await runCommand(["push", "-", "--dry-run"], options);
  expect(code).toBe(4);
  expect(stdout).toMatch(/^ERP +not stored \(name_not_allowed\) +-$/m);
});

test("a rotated value is updated under the same secret_id, and a return to the old value too", async () => {
  const { env, values, upstream } = await startForTest({ existing: "update" });
  const push = async (value: string) => {
    const options = { env, input: JSON.stringify({ A: value }) };
    const { stdout } = await runCommand(["push", "-", "--json"], options);
    const [{ outcome, secret_id }] = JSON.parse(stdout).secrets;
    expect(values()).toEqual({ A: value });
    expect(secret_id).toBe(upstream.secrets()[0]?.secret_id);
    return outcome;
  };
  expect([await push("one"), await push("two"), await push("one")]).toEqual([
    "created",
    "updated",
    "updated",
  ]);
});

test("push skips empty values with --skip-empty, and otherwise rejects them", async () => {
  const { env, values } = await startForTest();
  const input = '{"A":"1","B":""}';
  expect(await runCommand(["push", "-"], { env, input })).toMatchObject({ code: 3 });
  const { code, stderr } = await runCommand(["push", "-", "--skip-empty"], { env, input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "1 created, 1 empty, skipped.\n" });
  expect(values()).toEqual({ A: "1" });
});

test("secrets that --only does not select cannot break a rule", async () => {
  const { env, values } = await startForTest();
  const args = ["push", "-", "--format", "env", "--only", "GOOD"];
  const input = 'garbage\nBAD="p\\"q"\nEMPTY=\nGOOD=1\n';
  expect(await runCommand(args, { env, input })).toMatchObject({ code: 0 });
  expect(values()).toEqual({ GOOD: "1" });
});

test("a .env file cannot set options of Node.js", async () => {
  const { env, values } = await startForTest();
  const file = join(await makeFolder(), "a.env");
  const injected = "NODE_OPTIONS=--import=data:text/javascript,process.exit(99)";
  await writeFile(file, `${injected}\nA=x\n`);
  const args = ["push", file, "--dialect", "docker", "--only", "A"];
  expect(await runCommand(args, { env })).toMatchObject({ code: 0 });
  expect(values()).toEqual({ A: "x" });
});

test("the file's name selects the format, and --dialect needs a .env file", async () => {
  const { env } = await startForTest();
  const folder = await makeFolder();
  for (const [name, text] of [
    [".env", "A=1\n"],
    [".env.production", "B=1\n"],
    ["app.env", "C=1\n"],
    ["app.json", '{"D":"1"}'],
    ["app.txt", '{"E":"1"}'],
  ] as const) {
    const file = join(folder, name);
    await writeFile(file, text);
    expect(await runCommand(["push", file], { env }), name).toMatchObject({ code: 0 });
  }
  const args = ["push", join(folder, "app.json"), "--dialect", "shell"];
  expect(await runCommand(args, { env })).toMatchObject({ code: 2 });
});

test("a pipe that does not end gets a notice after 2 s", async () => {
  const { env } = await startForTest();
  const pipe = join(await makeFolder(), "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const { child } = startCommand(["push", pipe], { env });
  const end = await open(pipe, "w");
  const [notice] = await once(child.stderr, "data");
  expect(String(notice)).toContain("Waiting for the end of FILE.");
  child.kill("SIGKILL");
  await end.close();
});

test("push prints control characters of a name escaped", async () => {
  const { env } = await startForTest();
  const input = JSON.stringify({ "A\u001b[2J\u202eB\n": "v" });
  const { code, stdout, stderr } = await runCommand(["push", "-"], { env, input });
  expect(code).toBe(3);
  expect(stdout + stderr).toContain("A\\u{1b}[2J\\u{202e}B\\u{a}");
});
