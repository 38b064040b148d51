import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HAS_TERMINALS } from "@convai-secrets/testing/terminal";
import { describe, expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand } from "./support/run-command.ts";
import { runInTerminal, runShellInTerminal } from "./support/run-in-terminal.ts";
import { startForTest, UNKNOWN_TOKEN } from "./support/worker.ts";

const ESC = "\u001b";
/** A colour or a weight, as opposed to a movement of the cursor. */
const COLOUR = new RegExp(`${ESC}\\[[0-9;]*m`);

const SECRETS = JSON.stringify(
  Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`N_${index}`, `canary-${index}`])),
);

/** Pushes with standard input from a pipe, and the rest on the terminal. */
const pushFromPipe = (env: Readonly<Record<string, string>>, args = "") =>
  runShellInTerminal(`printf %s "$SECRETS" | $CMD push - ${args}`, { env: { ...env, SECRETS } });

describe.runIf(HAS_TERMINALS)("in a pseudo-terminal", () => {
  test("on a terminal, push shows a progress bar, then a table in colour", async () => {
    const { env, upstream } = await startForTest();
    upstream.inject({ kind: "delay", ms: 50, times: Number.POSITIVE_INFINITY });
    const { ended, output, until } = pushFromPipe(env);
    await until(/Storing .*[█░].* [1-9]\d?\/40 \|/);
    expect(await ended).toBe(0);
    expect(output()).toContain("40/40");
    expect(output()).toMatch(COLOUR);
    expect(output()).toContain("40 created.");
    expect(output()).not.toContain("canary");
    // The cursor is shown again.
    expect(output().lastIndexOf(`${ESC}[?25h`)).toBeGreaterThan(
      output().lastIndexOf(`${ESC}[?25l`),
    );
  });

  test("without a terminal, push prints no escape sequences", async () => {
    const { env } = await startForTest();
    const { stdout, stderr } = await runCommand(["push", "-"], { env, input: SECRETS });
    expect(stdout + stderr).not.toContain(ESC);
    expect(stderr).toBe("40 created.\n");
  });

  test("NO_COLOR takes precedence over FORCE_COLOR on a terminal", async () => {
    const { env } = await startForTest();
    const { ended, output } = pushFromPipe({ ...env, NO_COLOR: "1", FORCE_COLOR: "1" });
    expect(await ended).toBe(0);
    expect(output()).toContain("40/40");
    expect(output()).not.toMatch(COLOUR);
  });

  test("with standard output in a pipe, the progress bar is on the terminal", async () => {
    const { env } = await startForTest();
    const { ended, output } = pushFromPipe(env, "--json | grep -c secret_id");
    expect(await ended).toBe(0);
    expect(output()).toContain("40/40");
    expect(output()).toContain("40\r\n");
    expect(output()).not.toContain('"secret_id"');
  });

  test("Ctrl-C stops the progress bar and prints what was stored", async () => {
    const { env, upstream } = await startForTest();
    upstream.inject({ kind: "delay", ms: 100, times: Number.POSITIVE_INFINITY });
    const file = join(await makeFolder(), ".env");
    await writeFile(file, Array.from({ length: 40 }, (_, index) => `N_${index}=v`).join("\n"));
    const args = ["push", file, "--concurrency", "2"];
    const { terminal, ended, output, until } = runInTerminal(args, { env });
    await until(/ [1-9]\d?\/40 \|/);
    terminal.write("\u0003");
    expect(await ended).toBe(130);
    expect(output()).toContain("Stopping.");
    expect(output()).toMatch(/Interrupted: \d+ created, \d+ not sent\./);
    expect(output().lastIndexOf(`${ESC}[?25h`)).toBeGreaterThan(
      output().lastIndexOf(`${ESC}[?25l`),
    );
    const [, stored] = /Interrupted: (\d+) created/.exec(output()) ?? [];
    expect(upstream.secrets()).toHaveLength(Number(stored));
  });

  test.each([
    ["", ""],
    [" with NO_COLOR", "1"],
  ])("create asks for a value and shows nothing of it%s", async (_, noColor) => {
    const { env, values } = await startForTest();
    const { terminal, ended, output, until } = runInTerminal(["create", "A"], {
      env: { ...env, ...(noColor && { NO_COLOR: noColor }) },
    });
    await until("Value of A");
    const before = output();
    for (const character of "hunter2") {
      terminal.write(character);
      await sleep(20);
    }
    const shown = output().slice(before.length);
    expect(shown.replaceAll(new RegExp(`${ESC}\\[[0-9;?]*[A-Za-z]`, "g"), "")).not.toMatch(
      /[hunter2•▪*]/,
    );
    terminal.write("\r");
    expect(await ended).toBe(0);
    expect(values()).toEqual({ A: "hunter2" });
    expect(output()).not.toContain("hunter2");
    if (noColor) expect(output()).not.toMatch(COLOUR);
  });

  test("create asks again for an empty value", async () => {
    const { env, values } = await startForTest();
    const { terminal, ended, until } = runInTerminal(["create", "A"], { env });
    await until("Value of A");
    terminal.write("\r");
    await until("must not be empty");
    terminal.write("v\r");
    expect(await ended).toBe(0);
    expect(values()).toEqual({ A: "v" });
  });

  test.each([
    ["Ctrl-C", "canary\u0003"],
    ["Ctrl-D", "\u0004"],
    ["Ctrl-D after some text", "canary\u0004"],
  ])("%s at the prompt ends with 130, and nothing is stored", async (_, typed) => {
    const { env, upstream } = await startForTest();
    const { terminal, ended, output, until } = runInTerminal(["create", "A"], { env });
    await until("Value of A");
    terminal.write(typed);
    expect(await ended).toBe(130);
    expect(output()).toContain("nothing was stored");
    expect(output()).not.toContain("canary");
    expect(output()).not.toContain("Warning");
    expect(upstream.received().total).toBe(0);
  });

  test("a paste of several lines is rejected, and the shell gets nothing of it", async () => {
    const { env, upstream } = await startForTest();
    const run = runShellInTerminal(
      "$CMD create A; echo code $?; read -t 1 rest; echo rest:$rest.",
      {
        env,
      },
    );
    await run.until("Value of A");
    // As over a network: not all at once.
    for (const line of ["-----BEGIN KEY-----", ...Array(20).fill("canary")]) {
      run.terminal.write(`${line}\r`);
      await sleep(10);
    }
    await run.ended;
    expect(run.output()).toContain("More than one line");
    expect(run.output()).toContain("code 3");
    expect(run.output()).toContain("rest:.");
    expect(run.output()).not.toContain("canary");
    expect(upstream.received().total).toBe(0);
  });

  test.each([
    ["push -", ["push", "-"]],
    ["keygen --rotate", ["keygen", "a", "--rotate"]],
    ["check-senders", ["check-senders"]],
  ])("%s on a terminal says what to do, and does not wait for input", async (_, args) => {
    const env = {
      CONVAI_SECRETS_URL: "http://127.0.0.1:1",
      CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN,
    };
    const { ended, output } = runInTerminal(args, { env });
    expect(await ended).toBe(2);
    expect(output()).toContain("pipe the input in");
  });

  test("keygen prints the credential on the terminal once", async () => {
    const run = runShellInTerminal("$CMD keygen ci --token > /dev/null");
    expect(await run.ended).toBe(0);
    expect(run.output().match(/cs_[\w-]{43}/g)).toHaveLength(1);
  });

  test("a retry prints a line above the progress bar", async () => {
    const { env, upstream } = await startForTest();
    upstream.inject({ kind: "answer", status: 429, headers: { "retry-after": "1" } });
    const { ended, output } = pushFromPipe(env);
    expect(await ended).toBe(0);
    expect(output()).toMatch(/N_\d+: attempt 1 failed: .* \(upstream_rate_limited\); retrying in/);
    expect(output()).toContain("1 retries");
  });

  test("deliveries leaves out the columns that do not fit the terminal", async () => {
    const { env } = await startForTest();
    await runCommand(["create", "A"], { env, input: "v" });
    const { ended, output } = runInTerminal(["deliveries"], { env });
    expect(await ended).toBe(0);
    for (const line of output().split("\n").slice(0, 2)) {
      expect(line.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, "g"), "").length).toBeLessThan(101);
    }
    expect(output()).toMatch(/The terminal is too narrow for .*ID\./);
  });
});
