import { execFile } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markRun, type RunningProgram, runProgram } from "./program.js";

const execute = promisify(execFile);

describe("what npm start prints can be pasted as it stands", () => {
  const { env, listLeft } = markRun();
  let start: RunningProgram;
  beforeAll(async () => {
    start = runProgram("start", { ...env, PORT: "0" });
    await start.until("Ctrl-C stops both.");
  });
  afterAll(async () => {
    start.child.kill("SIGINT");
    expect(await start.ended()).toBe(0);
    expect(await listLeft()).toEqual([]);
  });

  /** The lines from a title to the next empty line. */
  const block = (title: string) => {
    const [, rest = ""] = start.output().split(`${title}\n`);
    return rest.split("\n\n")[0] ?? "";
  };

  test.each([
    ["# curl, with the token", "DEMO_TOKEN"],
    ["# curl, with a signature (Standard Webhooks)", "DEMO_SIGNED"],
  ])("%s", async (title, name) => {
    const { stdout } = await execute("sh", ["-c", block(title)]);
    expect(JSON.parse(stdout)).toEqual({ type: "stored", secret_id: expect.any(String), name });
  });

  test("// TypeScript, the official SDK", async () => {
    const script = fileURLToPath(new URL("../dist/pasted.mts", import.meta.url));
    await writeFile(script, block("// TypeScript, the official SDK"));
    const { stdout } = await execute(process.execPath, [script]);
    await rm(script);
    const state = await execute("sh", ["-c", block("# what ElevenLabs would now hold")]);
    expect(state.stdout).toContain(`"secret_id":"${stdout.trim()}","name":"DEMO_SDK"`);
  });
});

test("a port in use is named, with what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const start = runProgram("start", { PORT: String(port) });
  expect(await start.ended()).toBe(1);
  expect(start.output()).toContain(`Port ${port} is in use. Set PORT to a free one`);
  taken.close();
});

test("a port that is none is refused by its rule", async () => {
  const start = runProgram("start", { PORT: "http" });
  expect(await start.ended()).toBe(1);
  expect(start.output()).toContain("PORT must be a number from 0 (any free port) to 65535");
});
