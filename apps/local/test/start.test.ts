import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { generateCredentials } from "../src/credentials.ts";
import { startLocalStack } from "../src/local-stack.ts";
import { runByNpm, runProgram } from "./program.ts";
import { useScratch } from "./scratch.ts";

const scratch = useScratch();

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s, sent twice, ends npm start with exit code 0 and leaves no process or file",
  async (signal) => {
    const { env, listLeft } = scratch();
    const start = runProgram("start", { ...env, PORT: "0" });
    await start.until("Ctrl-C stops everything.");
    start.child.kill(signal);
    await start.until("Stopping …");
    start.child.kill(signal);
    expect(await start.ended(), start.output()).toBe(0);
    expect(await listLeft()).toEqual([]);
  },
);

test("SIGTERM to npm stops the program and leaves no process or file", async () => {
  const { env, listLeft } = scratch();
  const start = runByNpm("start", { ...env, PORT: "0" });
  await start.until("Ctrl-C stops everything.");
  start.child.kill("SIGTERM");
  expect(await start.ended(), start.output()).toBe(0);
  expect(await listLeft()).toEqual([]);
});

test("npm start reports a Worker that ends by itself, and leaves no process or file", async () => {
  const { env, listLeft } = scratch();
  const start = runProgram("start", { ...env, PORT: "0" });
  await start.until("Ctrl-C stops everything.");
  const others = (await listLeft()).map(Number).filter((pid) => pid !== start.child.pid);
  for (const pid of others.filter((pid) => pid > 0)) process.kill(pid, "SIGKILL");
  expect(await start.ended()).toBe(1);
  expect(start.output()).toContain("wrangler dev ended by itself.");
  expect(await listLeft()).toEqual([]);
});

test("npm start names a port in use, and says what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const start = runProgram("start", { PORT: String(port) });
  expect(await start.ended()).toBe(1);
  expect(start.output()).toContain(`Port ${port} is in use. Set PORT to a free one`);
  taken.close();
});

test.each(["http", "-1", "65536", "80.5", " "])("npm start rejects %j as PORT", async (port) => {
  const start = runProgram("start", { PORT: port });
  expect(await start.ended()).toBe(1);
  expect(start.output()).toContain("PORT must be a number from 0 (any free port) to 65535");
});

test("a missing API key is reported, and nothing stays running", async () => {
  const { signal } = new AbortController();
  const credentials = { ...(await generateCredentials()), apiKey: "" };
  await expect(startLocalStack({ port: 0, signal, credentials })).rejects.toThrow(
    "The Worker's configuration breaks the rules listed in errors:\n  ELEVENLABS_API_KEY is missing",
  );
});
