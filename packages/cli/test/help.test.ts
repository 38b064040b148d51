import { execFile } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { VARIABLES } from "../src/connection/settings.ts";
import { EXIT } from "../src/exit-codes.ts";
import { makeFolder } from "./support/folder.ts";
import { COMMAND, runCommand } from "./support/run-command.ts";

const COMMANDS = ["create", "update", "push", "deliveries", "doctor", "keygen", "check-senders"];

test.each(COMMANDS)("%s --help shows options, examples and exit codes", async (command) => {
  const { code, stdout, stderr } = await runCommand([command, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`Usage: convai-secrets ${command}`);
  expect(stdout).toContain("--json");
  const [, examples = ""] = stdout.split("Examples:\n");
  expect(examples).toContain(`convai-secrets ${command}`);
  for (const exitCode of Object.values(EXIT))
    expect(stdout).toMatch(new RegExp(`\\b${exitCode}\\b`));
});

test("--help names every command, variable and exit code", async () => {
  const { code, stdout } = await runCommand(["--help"]);
  expect(code).toBe(0);
  for (const text of [...COMMANDS, ...Object.values(VARIABLES), "0600", "NO_COLOR"]) {
    expect(stdout).toContain(text);
  }
  expect(stdout).toContain("Exit codes:");
});

test("no command has an option for a credential or a value", async () => {
  for (const command of COMMANDS) {
    const { stdout } = await runCommand([command, "--help"]);
    expect(stdout).not.toMatch(/--(?:value|key|secret|password)\b/);
  }
});

test("without a command, the help is on standard error and the exit code is 2", async () => {
  const { code, stdout, stderr } = await runCommand([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: convai-secrets");
});

test("a mistyped option gets a suggestion", async () => {
  const { code, stderr } = await runCommand(["push", "-", "--concurency", "3"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Did you mean --concurrency?");
});

test("with --json, a wrong command line gives a document", async () => {
  const { code, stdout } = await runCommand(["push", "-", "--json", "--nothing"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error.code).toBe("usage");
});

test("--version prints the version of the package", async () => {
  expect(await runCommand(["--version"])).toMatchObject({ code: 0, stdout: "0.0.0\n" });
});

test("before the first build, the command prints one line that says what to run", async () => {
  const folder = join(await makeFolder(), "bin");
  await mkdir(folder);
  await copyFile(COMMAND, join(folder, "convai-secrets.mjs"));
  const run = promisify(execFile)(process.execPath, [join(folder, "convai-secrets.mjs")]);
  const error = await run.catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 1,
    stdout: "",
    stderr: "convai-secrets is not built yet. Run: npm run build\n",
  });
});
