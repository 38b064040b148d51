import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestSender, startTestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand, runShell } from "./support/run-command.ts";
import { type CommandStack, describeStack, startForTest } from "./support/worker.ts";

let stack: CommandStack;
beforeAll(async () => {
  stack = describeStack(await startTestStack({ senders: [await createTestSender("ci")] }));
});
afterAll(() => stack.stack.stop());

const fresh = () => ({
  name: `N_${randomBytes(6).toString("hex")}`,
  value: `v_${randomBytes(12).toString("hex")}`,
});

test.each(["env", "tokenEnv"] as const)(
  "create stores a value from standard input (%s)",
  async (env) => {
    const { name, value } = fresh();
    const { code, stdout, stderr } = await runCommand(["create", name], {
      env: stack[env],
      input: `${value}\n`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stack.values()[name]).toBe(value);
    const { secret_id } = stack.upstream.secrets().find((secret) => secret.name === name) ?? {};
    expect(stdout).toBe(`${name} created: ${secret_id}\n`);
  },
);

test.each([
  ["a\n", "a"],
  ["a\r\n", "a"],
  ["a\n\n", "a\n"],
  ["a", "a"],
  [" a \n b ", " a \n b "],
  ["\uFEFFa\n", "a"],
])("of %j on standard input, create stores %j", async (input, stored) => {
  const { name } = fresh();
  await runCommand(["create", name], { env: stack.env, input });
  expect(stack.values()[name]).toBe(stored);
});

test("with --keep-newline, create stores the line break at the end", async () => {
  const [one, two] = [fresh(), fresh()];
  await runCommand(["create", one.name, "--keep-newline"], { env: stack.env, input: "a\n" });
  const path = join(await makeFolder(), "value");
  await writeFile(path, "b\r\n");
  await runCommand(["create", two.name, "--keep-newline", "--from-file", path], { env: stack.env });
  expect(stack.values()).toMatchObject({ [one.name]: "a\n", [two.name]: "b\r\n" });
});

test("a name and an id of one hyphen are accepted, unless that is the value", async () => {
  const { env, values } = await startForTest();
  const run = (input: string) => runCommand(["create", "-", "--id", "-"], { env, input });
  expect(await run("-")).toMatchObject({ code: 3 });
  expect(await run("v")).toMatchObject({ code: 0, stderr: "" });
  expect(values()).toEqual({ "-": "v" });
});

test("create stores a value from a file without the line break at its end", async () => {
  const { name, value } = fresh();
  const path = join(await makeFolder(), "value");
  await writeFile(path, `${value}\n`);
  await runCommand(["create", name, "--from-file", path], { env: stack.env });
  expect(stack.values()[name]).toBe(value);
});

test("create stores a value from the environment without the line break at its end", async () => {
  const { name, value } = fresh();
  const env = { ...stack.env, THE_VALUE: `${value}\n` };
  await runCommand(["create", name, "--from-env", "THE_VALUE"], { env });
  expect(stack.values()[name]).toBe(value);
});

test("the same content again is a replay; with another id it is a second secret", async () => {
  const { name, value } = fresh();
  const run = async (...more: string[]) => {
    const args = ["create", name, "--json", ...more];
    return JSON.parse((await runCommand(args, { env: stack.env, input: value })).stdout);
  };
  const first = await run();
  const again = await run();
  const second = await run("--id", `id-${name}`);
  expect(first).toEqual({
    type: "stored",
    name,
    secret_id: expect.any(String),
    id: expect.stringMatching(/^derived_/),
    result: "created",
    attempts: 1,
  });
  expect(again).toEqual({ ...first, result: "replayed" });
  expect(second.secret_id).not.toBe(first.secret_id);
  expect(stack.upstream.secrets().filter((secret) => secret.name === name)).toHaveLength(2);
});

test.each([
  ["a second argument", (value: string) => ["create", "A", value]],
  ["NAME=value", (value: string) => ["create", `A=${value}`]],
  ["--value X", (value: string) => ["create", "A", "--value", value]],
  ["--value=X", (value: string) => ["create", "A", `--value=${value}`]],
  ["--value=X before the name", (value: string) => ["create", `--value=${value}`, "A"]],
])("a value as %s is rejected with the reason, and not printed", async (_, build) => {
  const { value } = fresh();
  const calls = stack.upstream.received().total;
  for (const json of [[], ["--json"]]) {
    const { code, stdout, stderr } = await runCommand([...build(value), ...json], {
      env: stack.env,
    });
    expect(code).toBe(2);
    expect(stderr).toContain("ps");
    expect(stderr).toContain("history");
    expect(stdout + stderr).not.toContain(value);
    if (json.length > 0) expect(JSON.parse(stdout).error.code).toBe("value_on_command_line");
  }
  expect(stack.upstream.received().total).toBe(calls);
});

test.each([
  ["an unknown option", (value: string) => ["create", "A", `--secret=${value}`]],
  ["an unknown short option", (value: string) => ["create", "A", `-${value}`]],
  ["an unknown command", (value: string) => [value]],
  ["a second argument of push", (value: string) => ["push", "-", value]],
  ["a file of push", (value: string) => ["push", value]],
  ["a format", (value: string) => ["push", "-", "--format", value]],
  ["an argument of keygen", (value: string) => ["keygen", "a", value]],
  ["a number", (value: string) => ["push", "-", "--concurrency", value]],
  ["a limit", (value: string) => ["deliveries", "--limit", value]],
  ["an id", (value: string) => ["create", "A", "--id", `${value}.`]],
  ["a renaming", (value: string) => ["push", "-", "--rename", `${value}**`]],
  ["a file", (value: string) => ["create", "A", "--from-file", value]],
  ["a variable", (value: string) => ["create", "A", "--from-env", value]],
  ["a sender", (value: string) => ["keygen", value.toUpperCase(), "--json"]],
])("%s that is wrong is rejected without printing it", async (_, build) => {
  const { value } = fresh();
  const { code, stdout, stderr } = await runCommand(build(value), { env: stack.env });
  expect([2, 3]).toContain(code);
  expect(stderr).not.toBe("");
  expect((stdout + stderr).toLowerCase()).not.toContain(value);
});

test("--from-file and --from-env exclude each other", async () => {
  const args = ["create", "A", "--from-file", "a", "--from-env", "b"];
  expect(await runCommand(args, { env: stack.env })).toMatchObject({ code: 2 });
});

test.each<[string, string | Uint8Array, string]>([
  ["an empty value", "", "value: must not be empty"],
  ["a line break alone", "\n", "value: must not be empty"],
  ["bytes that are not UTF-8", new Uint8Array([0x61, 0xff]), "must be UTF-8"],
  ["UTF-16", Buffer.from("abc", "utf16le"), "must not contain NUL"],
  ["65 KiB", "x".repeat(65 * 1024), "64 KiB"],
  ["17 MiB", "x".repeat(17 * 1024 * 1024), "16 MiB"],
])("%s as value is rejected before anything is sent", async (_, input, rule) => {
  const calls = stack.upstream.received().total;
  const { code, stderr } = await runCommand(["create", "A"], { env: stack.env, input });
  expect(code).toBe(3);
  expect(stderr).toContain(rule);
  expect(stack.upstream.received().total).toBe(calls);
});

test("a name that the policy does not allow ends with 4, and --json has the code", async () => {
  const { env } = await startForTest({ names: ["CRM_*"] });
  const { code, stdout } = await runCommand(["create", "ERP", "--json"], { env, input: "v" });
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: "name_not_allowed",
    outcome: "not_applied",
    status: 403,
    retryable: false,
    request_id: expect.any(String),
  });
});

test("an unknown outcome ends with 5", async () => {
  const { env, upstream } = await startForTest({}, { RECONCILE: "off" });
  upstream.inject({ kind: "drop", store: true });
  const { code, stdout, stderr } = await runCommand(["create", "A", "--json"], { env, input: "v" });
  expect(code).toBe(5);
  expect(JSON.parse(stdout).error).toMatchObject({ outcome: "unknown" });
  expect(stderr).toContain("The secret may be stored.");
});

test("create prints a line for each retry, with the reason and the wait", async () => {
  const { env, upstream } = await startForTest();
  upstream.inject({ kind: "answer", status: 429, headers: { "retry-after": "1" } });
  const { code, stderr } = await runCommand(["create", "A"], { env, input: "v" });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^A: attempt 1 failed: Rate limited by ElevenLabs \(upstream_rate_limited\); retrying in \d\.\d s\n$/,
  );
});

test.each([
  ["a refused connection", "http://127.0.0.1:1", "127.0.0.1:1"],
  ["an unknown host", "https://convai-secrets.invalid", "convai-secrets.invalid"],
])("%s ends within seconds with 4, the host and the cause", async (_, url, host) => {
  const env = { ...stack.env, CONVAI_SECRETS_URL: url };
  const { code, stderr } = await runCommand(["create", "A"], { env, input: "v" });
  expect(code).toBe(4);
  expect(stderr).toContain(`(${host}, 3 attempts)`);
  expect(stderr).toContain("Nothing was stored.");
});

test("a proxy that is configured and not used is explained", async () => {
  const env = {
    ...stack.env,
    CONVAI_SECRETS_URL: "http://127.0.0.1:1",
    HTTPS_PROXY: "http://proxy.example:3128",
  };
  const { stderr } = await runCommand(["create", "A"], { env, input: "v" });
  expect(stderr).toContain("NODE_USE_ENV_PROXY=1");
});

test.runIf(process.platform === "linux")(
  "output that cannot be written ends with 1, and a closed pipe does not",
  async () => {
    const { name, value } = fresh();
    const run = (line: string) => runShell(line, { ...stack.env, VALUE: value, NAME: name });
    const full = await run('printf %s "$VALUE" | $CMD create "$NAME" > /dev/full');
    expect(full).toMatchObject({ code: 1 });
    expect(full.stderr).toContain("The output could not be written (ENOSPC).");
    const lost = await run("$CMD keygen ci --json > /dev/full");
    expect(lost).toMatchObject({ code: 1 });
    expect(await run("set -o pipefail; $CMD keygen ci --json | true")).toMatchObject({ code: 0 });
  },
);
