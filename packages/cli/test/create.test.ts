import { randomBytes } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startTestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand } from "./support/run-command.ts";
import { type CommandRig, describe, startForTest } from "./support/sender.ts";

let rig: CommandRig;
beforeAll(async () => {
  rig = describe(await startTestStack());
});
afterAll(() => rig.stop());

const fresh = () => ({
  name: `N_${randomBytes(6).toString("hex")}`,
  value: `v_${randomBytes(12).toString("hex")}`,
});

test.each(["env", "tokenEnv"] as const)(
  "a value from standard input is stored (%s)",
  async (env) => {
    const { name, value } = fresh();
    const { code, stdout, stderr } = await runCommand(["create", name], {
      env: rig[env],
      input: `${value}\n`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(rig.values()[name]).toBe(value);
    const { secret_id } = rig.upstream.secrets().find((secret) => secret.name === name) ?? {};
    expect(stdout).toBe(`${name} is stored: ${secret_id}\n`);
  },
);

test.each([
  ["a\n", "a"],
  ["a\r\n", "a"],
  ["a\n\n", "a\n"],
  ["a", "a"],
  [" a \n b ", " a \n b "],
  ["\uFEFFa", "\uFEFFa"],
])("of %j on standard input %j is stored", async (input, stored) => {
  const { name } = fresh();
  await runCommand(["create", name], { env: rig.env, input });
  expect(rig.values()[name]).toBe(stored);
});

test("with --keep-newline every byte is stored, of standard input and of a file", async () => {
  const [one, two] = [fresh(), fresh()];
  await runCommand(["create", one.name, "--keep-newline"], { env: rig.env, input: "a\n" });
  const path = join(await makeFolder(), "value");
  await writeFile(path, "b\r\n");
  await runCommand(["create", two.name, "--keep-newline", "--from-file", path], { env: rig.env });
  expect(rig.values()).toMatchObject({ [one.name]: "a\n", [two.name]: "b\r\n" });
});

test("a value from a file is stored without the line break at its end", async () => {
  const { name, value } = fresh();
  const path = join(await makeFolder(), "value");
  await writeFile(path, `${value}\n`);
  await runCommand(["create", name, "--from-file", path], { env: rig.env });
  expect(rig.values()[name]).toBe(value);
});

test("a value from the environment is stored as it is", async () => {
  const { name, value } = fresh();
  const env = { ...rig.env, THE_VALUE: `${value}\n` };
  await runCommand(["create", name, "--from-env", "THE_VALUE"], { env });
  expect(rig.values()[name]).toBe(`${value}\n`);
});

test("the same again is the same secret, and says so; with an id of its own it is a second", async () => {
  const { name, value } = fresh();
  const run = async (...more: string[]) => {
    const args = ["create", name, "--json", ...more];
    return JSON.parse((await runCommand(args, { env: rig.env, input: value })).stdout);
  };
  const first = await run();
  const again = await run();
  const second = await run("--id", `id-${name}`);
  expect(first).toEqual({
    type: "stored",
    name,
    secret_id: expect.any(String),
    id: expect.stringMatching(/^msg_/),
    replayed: false,
    attempts: 1,
  });
  expect(again).toEqual({ ...first, replayed: true });
  expect(second.secret_id).not.toBe(first.secret_id);
  expect(rig.upstream.secrets().filter((secret) => secret.name === name)).toHaveLength(2);
});

test.each([
  ["a second argument", (value: string) => ["create", "A", value]],
  ["NAME=value", (value: string) => ["create", `A=${value}`]],
  ["--value X", (value: string) => ["create", "A", "--value", value]],
  ["--value=X", (value: string) => ["create", "A", `--value=${value}`]],
  ["--value=X before the name", (value: string) => ["create", `--value=${value}`, "A"]],
])("a value as %s is refused with the reason, and not repeated", async (_, build) => {
  const { value } = fresh();
  const calls = rig.upstream.received().total;
  for (const json of [[], ["--json"]]) {
    const { code, stdout, stderr } = await runCommand([...build(value), ...json], { env: rig.env });
    expect(code).toBe(2);
    expect(stderr).toContain("ps");
    expect(stderr).toContain("history");
    expect(stdout + stderr).not.toContain(value);
    if (json.length > 0) expect(JSON.parse(stdout).error.code).toBe("value_on_command_line");
  }
  expect(rig.upstream.received().total).toBe(calls);
});

test.each([
  ["an unknown option", (value: string) => ["create", "A", `--secret=${value}`]],
  ["an unknown short option", (value: string) => ["create", "A", `-${value}`]],
  ["an unknown command", (value: string) => [value]],
  ["an argument of push", (value: string) => ["push", value]],
  ["an argument of keygen", (value: string) => ["keygen", "a", value]],
  ["a number", (value: string) => ["push", "--concurrency", value]],
  ["a limit", (value: string) => ["deliveries", "--limit", value]],
  ["an id", (value: string) => ["create", "A", "--id", `${value}.`]],
  ["a renaming", (value: string) => ["push", "--rename", `${value}**`]],
  ["a file", (value: string) => ["create", "A", "--from-file", value]],
  ["a variable", (value: string) => ["create", "A", "--from-env", value]],
  ["a sender", (value: string) => ["keygen", value.toUpperCase(), "--json"]],
])("%s that is wrong is refused without repeating it", async (_, build) => {
  const { value } = fresh();
  const { code, stdout, stderr } = await runCommand(build(value), { env: rig.env });
  expect([2, 3]).toContain(code);
  expect(stderr).not.toBe("");
  expect((stdout + stderr).toLowerCase()).not.toContain(value);
});

test("two sources at once are refused", async () => {
  const args = ["create", "A", "--from-file", "a", "--from-env", "b"];
  expect(await runCommand(args, { env: rig.env })).toMatchObject({ code: 2 });
});

test.each<[string, string | Uint8Array, string]>([
  ["nothing", "", "value must not be empty"],
  ["a line break alone", "\n", "value must not be empty"],
  ["bytes that are not UTF-8", new Uint8Array([0x61, 0xff]), "must be UTF-8"],
  ["65 KiB", "x".repeat(65 * 1024), "64 KiB"],
  ["17 MiB", "x".repeat(17 * 1024 * 1024), "16 MiB"],
])("%s as a value is refused before anything is sent", async (_, input, rule) => {
  const calls = rig.upstream.received().total;
  const { code, stderr } = await runCommand(["create", "A"], { env: rig.env, input });
  expect(code).toBe(3);
  expect(stderr).toContain(rule);
  expect(rig.upstream.received().total).toBe(calls);
});

test("a --config file of mode 0600 is taken, and then nothing of the environment", async () => {
  const { name, value } = fresh();
  const config = join(await makeFolder(), "config.json");
  await writeFile(config, JSON.stringify({ url: rig.url, key: rig.sender.token }), { mode: 0o600 });
  const env = { CONVAI_SECRETS_URL: "http://127.0.0.1:1", CONVAI_SECRETS_KEY: "whsec_wrong" };
  const args = ["create", name, "--config", config];
  expect(await runCommand(args, { env, input: value })).toMatchObject({ code: 0 });
  expect(rig.values()[name]).toBe(value);

  await writeFile(config, JSON.stringify({ url: rig.url }), { mode: 0o600 });
  const { code, stderr } = await runCommand(args, { env: rig.env, input: value });
  expect(code).toBe(2);
  expect(stderr).toContain("key of --config: is required");
});

test.each(["640", "604", "660", "644"])("a --config file of mode %s is refused", async (mode) => {
  const config = join(await makeFolder(), "config.json");
  await writeFile(config, JSON.stringify({ url: rig.url, key: rig.sender.token }));
  await chmod(config, mode);
  const { code, stderr } = await runCommand(["create", "A", "--config", config], { input: "v" });
  expect(code).toBe(2);
  expect(stderr).toContain("chmod 600");
});

test.each([
  ["no address", { CONVAI_SECRETS_KEY: `cs_${"a".repeat(43)}` }, "CONVAI_SECRETS_URL: is required"],
  ["no key", { CONVAI_SECRETS_URL: "https://x.example" }, "CONVAI_SECRETS_KEY: is required"],
  [
    "an address without https",
    { CONVAI_SECRETS_URL: "http://x.example", CONVAI_SECRETS_KEY: `cs_${"a".repeat(43)}` },
    "CONVAI_SECRETS_URL: must use https",
  ],
  [
    "a key of no kind",
    { CONVAI_SECRETS_URL: "https://x.example", CONVAI_SECRETS_KEY: "canary5e7a" },
    "CONVAI_SECRETS_KEY: must be a signing secret",
  ],
])("%s ends with 2, naming the variable and its rule", async (_, env, rule) => {
  const { code, stdout, stderr } = await runCommand(["create", "A"], { env, input: "v" });
  expect(code).toBe(2);
  expect(stderr).toContain(rule);
  expect(stdout + stderr).not.toContain("canary5e7a");
});

test("what the sender's policy forbids ends with 4, and --json says why", async () => {
  const { env } = await startForTest({}, ["CRM_*"]);
  const { code, stdout } = await runCommand(["create", "ERP", "--json"], { env, input: "v" });
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: "name_not_allowed",
    outcome: "not_created",
    status: 403,
    retryable: false,
    request_id: expect.any(String),
  });
});

test("what nobody can tell ends with 5", async () => {
  const { env, upstream } = await startForTest({ RECONCILE: "off" });
  upstream.inject({ kind: "drop", store: true });
  const { code, stdout, stderr } = await runCommand(["create", "A", "--json"], { env, input: "v" });
  expect(code).toBe(5);
  expect(JSON.parse(stdout).error).toMatchObject({ outcome: "unknown" });
  expect(stderr).toContain("Nobody can tell");
});
