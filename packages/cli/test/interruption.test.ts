import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand, startCommand } from "./support/run-command.ts";
import { type CommandStack, startForTest } from "./support/worker.ts";

const COUNT = 500;
const TIMEOUT_MS = 120_000;

const SECRETS = Object.fromEntries(
  Array.from({ length: COUNT }, (_, index) => [`N_${index}`, randomBytes(12).toString("hex")]),
);
const INPUT = JSON.stringify(SECRETS);

async function untilStored(stack: CommandStack, count: number): Promise<void> {
  while (stack.upstream.secrets().length < count) await sleep(5);
}

/** Ends a push of 500 by a signal when half is stored. */
async function interruptHalfWay(
  stack: CommandStack,
  env: Readonly<Record<string, string>>,
  signal: NodeJS.Signals,
) {
  stack.upstream.inject({ kind: "delay", ms: 15, times: Number.POSITIVE_INFINITY });
  const { child, ended } = startCommand(["push", "-", "--json"], { env, input: INPUT });
  await untilStored(stack, COUNT / 2);
  child.kill(signal);
  const end = await ended;
  stack.upstream.clearFaults();
  return end;
}

function expectEachOnce(stack: CommandStack): void {
  const secrets = stack.upstream.secrets();
  expect(secrets).toHaveLength(COUNT);
  expect(stack.values()).toEqual(SECRETS);
}

test.each([
  ["SIGINT", "env", 130],
  ["SIGTERM", "tokenEnv", 143],
] as const)(
  "%s in the middle of a push of 500 prints what was stored, and a second run stores the rest (%s, exit code %i)",
  async (signal, which, exitCode) => {
    const stack = await startForTest();
    const { code, stdout, stderr } = await interruptHalfWay(stack, stack[which], signal);
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(/Interrupted: \d+ created, .*\d+ not sent\./);
    const { interrupted, secrets } = JSON.parse(stdout);
    expect(interrupted).toBe(true);
    expect(secrets).toHaveLength(COUNT);
    const upstream = new Map(stack.upstream.secrets().map((one) => [one.name, one.secret_id]));
    const stored = secrets.filter((one: { outcome: string }) => one.outcome === "created");
    expect(stored.length).toBeGreaterThanOrEqual(COUNT / 2);
    expect(stored.length).toBeLessThan(COUNT);
    for (const { name, secret_id } of stored) expect(upstream.get(name)).toBe(secret_id);
    for (const { name, outcome } of secrets) {
      if (outcome === "not_sent") expect(upstream.has(name)).toBe(false);
    }

    expect(await runCommand(["push", "-"], { env: stack[which], input: INPUT })).toMatchObject({
      code: 0,
    });
    expectEachOnce(stack);
  },
  TIMEOUT_MS,
);

test.each(["env", "tokenEnv"] as const)(
  "a push of 500 killed half-way and run again stores each once (%s)",
  async (which) => {
    const stack = await startForTest();
    const { signal } = await interruptHalfWay(stack, stack[which], "SIGKILL");
    expect(signal).toBe("SIGKILL");
    const again = await runCommand(["push", "-", "--json"], { env: stack[which], input: INPUT });
    expect(again.code).toBe(0);
    const { created, replayed } = JSON.parse(again.stdout).summary;
    expect(replayed).toBeGreaterThanOrEqual(COUNT / 2);
    expect(created + replayed).toBe(COUNT);
    expectEachOnce(stack);
  },
  TIMEOUT_MS,
);

test("a delivery that hangs is aborted 3 s after a signal, with an unknown outcome", async () => {
  const stack = await startForTest();
  stack.upstream.inject({ kind: "hang", name: "HANGS" });
  const input = JSON.stringify({ A: "1", HANGS: "2", B: "3" });
  const { child, ended } = startCommand(["push", "-", "--json"], { env: stack.env, input });
  await untilStored(stack, 2);
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout).secrets).toMatchObject([
    { name: "A", outcome: "created" },
    { name: "HANGS", outcome: "unknown", error: { code: "aborted" } },
    { name: "B", outcome: "created" },
  ]);
});

test("a second signal aborts at once", async () => {
  const stack = await startForTest();
  stack.upstream.inject({ kind: "hang", name: "HANGS" });
  const { child, ended } = startCommand(["push", "-"], {
    env: stack.env,
    input: '{"A":"1","HANGS":"2"}',
  });
  await untilStored(stack, 1);
  child.kill("SIGINT");
  await new Promise((resolve) => child.stderr.once("data", resolve));
  const began = Date.now();
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  expect(Date.now() - began).toBeLessThan(2_500);
});

test("an interrupted create says that the secret may be stored, and a second run stores it once", async () => {
  const stack = await startForTest();
  stack.upstream.inject({ kind: "hang", store: true });
  const options = { env: stack.env, input: "v" };
  const { child, ended } = startCommand(["create", "A", "--json"], options);
  await untilStored(stack, 1);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout).error).toMatchObject({ code: "aborted", outcome: "unknown" });
  expect(stderr).toContain("may be stored");
  expect(await runCommand(["create", "A"], options)).toMatchObject({ code: 0 });
  expect(stack.upstream.secrets()).toHaveLength(1);
});

test("an interrupted push that waits for its input says that nothing was stored", async () => {
  const stack = await startForTest();
  const pipe = join(await makeFolder(), "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const args = ["push", pipe, "--json"];
  const { child, ended } = startCommand(args, { env: stack.env });
  // Opens only once the command has opened the other end.
  const end = await open(pipe, "w");
  child.kill("SIGINT");
  const { signal, stdout, stderr } = await ended;
  await end.close();
  expect(signal).toBe("SIGINT");
  expect(stderr).toBe("Interrupted: nothing was stored.\n");
  expect(JSON.parse(stdout).error.code).toBe("interrupted");
  expect(stack.upstream.received().total).toBe(0);
});
