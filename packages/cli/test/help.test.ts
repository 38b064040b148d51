import { expect, test } from "vitest";
import { EXIT } from "../src/exit-codes.ts";
import { runCommand } from "./support/run-command.ts";

const COMMANDS = ["create", "push", "keygen", "check-senders", "deliveries"];

test.each(COMMANDS)("%s --help shows its options, examples and the exit codes", async (command) => {
  const { code, stdout, stderr } = await runCommand([command, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`Usage: convai-secrets ${command}`);
  expect(stdout).toContain("--json");
  const [, examples = ""] = stdout.split("Examples:\n");
  expect(examples).toContain(`convai-secrets ${command}`);
  for (const exitCode of Object.values(EXIT))
    expect(stdout).toMatch(new RegExp(`\\b${exitCode}\\b`));
});

test("--help names every command, the environment and the exit codes", async () => {
  const { code, stdout } = await runCommand(["--help"]);
  expect(code).toBe(0);
  for (const text of [
    ...COMMANDS,
    "CONVAI_SECRETS_URL",
    "CONVAI_SECRETS_KEY",
    "0600",
    "NO_COLOR",
  ]) {
    expect(stdout).toContain(text);
  }
  expect(stdout).toContain("Exit codes:");
});

test("no help offers a credential or a value as an option", async () => {
  for (const command of COMMANDS) {
    const { stdout } = await runCommand([command, "--help"]);
    expect(stdout).not.toMatch(/--(?:value|key|secret|password)\b/);
  }
});

test("without a command it shows the help on standard error, and ends with 2", async () => {
  const { code, stdout, stderr } = await runCommand([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: convai-secrets");
});

test("a mistyped option is answered by the one that was meant", async () => {
  const { code, stderr } = await runCommand(["push", "--concurency", "3"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Did you mean --concurrency?");
});

test("with --json a wrong command line is a document too", async () => {
  const { code, stdout } = await runCommand(["push", "--json", "--nothing"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error.code).toBe("usage");
});

test("--version is the package's", async () => {
  expect(await runCommand(["--version"])).toMatchObject({ code: 0, stdout: "0.0.0\n" });
});
