import { serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { expect, test, vi } from "vitest";
import { startLocalStack } from "../src/local-stack.ts";
import { runScenarios } from "../src/run-scenarios.ts";
import { runByNpm, runProgram } from "./program.ts";
import { useScratch } from "./scratch.ts";

const scratch = useScratch();

test("npm run demo rotates a secret, gets every expected result, shows no value, and leaves nothing running", async () => {
  const { env, listLeft } = scratch();
  const demo = runByNpm("demo", env);
  expect(await demo.ended(), demo.output()).toBe(0);
  expect(demo.output()).toContain("All 7 results are as expected.");
  expect(demo.output()).not.toMatch(/cs_|whsec_|local_|v1,|"value":"[^…]/);
  expect(demo.output(), "colours are for a terminal").not.toContain("\u001b");
  expect(await listLeft()).toEqual([]);
});

test("the demo does not use the user's own ElevenLabs settings", async () => {
  const own = await serveElevenLabsLocal();
  const { env } = scratch();
  const demo = runProgram("demo", {
    ...env,
    ELEVENLABS_API_KEY: "local-api-key",
    ELEVENLABS_BASE_URL: own.url,
    SENDERS: "[]",
    RECONCILE: "off",
    CLOUDFLARE_ENV: "staging",
  });
  expect(await demo.ended(), demo.output()).toBe(0);
  expect(own.upstream.received().total).toBe(0);
  await own.close();
});

test("the demo names a result that is not as expected", async () => {
  const { signal } = new AbortController();
  const stack = await startLocalStack({ port: 0, signal });
  const lines: string[] = [];
  const spy = vi.spyOn(console, "log").mockImplementation((line: string) => lines.push(line));
  try {
    stack.upstream.upstream.setApiKeys({});
    expect(await runScenarios(stack, signal)).toBe(false);
  } finally {
    spy.mockRestore();
    await stack.stop();
  }
  expect(lines.join("\n")).toContain("But the status is 502, not 200");
  expect(lines.at(-1)).toContain("Not as expected:\n  A signed delivery creates a secret");
  expect(lines.at(-1)).not.toContain("is rejected");
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s while the Worker starts ends the demo with %i and leaves no process or file",
  async (signal, exitCode) => {
    const { env, listLeft } = scratch();
    const demo = runProgram("demo", env);
    await demo.until("does not show them");
    demo.child.kill(signal);
    expect(await demo.ended()).toBe(exitCode);
    expect(await listLeft()).toEqual([]);
  },
);

test("SIGINT between two requests leaves no process or file", async () => {
  const { env, listLeft } = scratch();
  const demo = runProgram("demo", env);
  await demo.until("✓");
  demo.child.kill("SIGINT");
  // It may have been through with the rest before the signal came.
  expect([0, 130]).toContain(await demo.ended());
  expect(await listLeft()).toEqual([]);
});

test("a closed output pipe ends the demo without an error message, and leaves no process or file", async () => {
  const { env, listLeft } = scratch();
  const demo = runProgram("demo", env);
  await demo.until("does not show them");
  demo.child.stdout?.destroy();
  expect(await demo.ended()).toBe(141);
  expect(demo.output()).not.toContain("EPIPE");
  expect(await listLeft()).toEqual([]);
});
