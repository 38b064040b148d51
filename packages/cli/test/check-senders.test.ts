import { createTestSender, startTestStack } from "@convai-secrets/testing";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "./support/run-command.ts";

const check = async (input: string) => {
  const { code, stdout, stderr } = await runCommand(["check-senders", "--json"], { input });
  return { code, stderr, document: JSON.parse(stdout) };
};

test("check-senders counts the credentials of a valid document and does not print them", async () => {
  const { policy } = await createTestSender("a", { names: ["A_*"], existing: "update" });
  const input = `${JSON.stringify([policy])}\n`;
  const { code, document } = await check(input);
  expect(code).toBe(0);
  expect(document).toEqual({
    valid: true,
    bytes: input.length - 1,
    senders: [
      { id: "a", signing_secrets: 1, tokens: 1, oidc: 0, existing: "update", names: ["A_*"] },
    ],
    issues: [],
    warnings: [],
  });
  const { stdout } = await runCommand(["check-senders"], { input });
  expect(stdout).toBe(
    "SENDER  SIGNING_SECRETS  TOKENS  OIDC  EXISTING  NAMES\na       1                1       0     update    A_*\n",
  );
});

test.each([
  ["[", []],
  ["[]", []],
  ['[{"id":"A","tokenHashes":["canary5e7a"]},{"id":"b"}]', []],
  ['[{"id":"a","token":"canary5e7a"}]', []],
  ['[{"id":"a","names":["CRM_*"],"names":["*"]}]', []],
])("check-senders prints for %s what /healthz of the Worker prints", async (input) => {
  const stack = await startTestStack({ env: { SENDERS: input } });
  onTestFinished(stack.stop);
  const health = await (await fetch(`${stack.url}/healthz`)).text();
  const { code, stderr, document } = await check(input);
  expect(code).toBe(3);
  expect(document.issues.length).toBeGreaterThan(0);
  for (const { path, message } of document.issues) {
    expect(stderr).toContain(`${path}: ${message}`);
    expect(health).toContain(JSON.stringify(path));
    expect(health).toContain(JSON.stringify(message).slice(1, -1));
  }
  expect(stderr + JSON.stringify(document)).not.toContain("canary5e7a");
});

test("check-senders prints any number of broken rules without a warning of Node.js", async () => {
  const { code, stderr } = await runCommand(["check-senders"], { input: `[${"0,".repeat(19)}0]` });
  expect(code).toBe(3);
  expect(stderr.trimEnd().split("\n")).toEqual(
    Array.from({ length: 20 }, (_, index) => `SENDERS.${index}: must be an object`),
  );
});

test("a document larger than a Worker secret is valid, with a warning", async () => {
  const { policy } = await createTestSender("a");
  const names = Array.from({ length: 100 }, (_, index) => `${"N".repeat(50)}${index}`);
  const { code, stderr, document } = await check(JSON.stringify([{ ...policy, names }]));
  expect(code).toBe(0);
  expect(document.warnings).toHaveLength(1);
  expect(stderr).toMatch(/^Warning: .*5 KB/);
});
