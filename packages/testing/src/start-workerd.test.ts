import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorkerd } from "./start-workerd.ts";

const SCRIPT = `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  count() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS calls (at INTEGER)");
    this.ctx.storage.sql.exec("INSERT INTO calls VALUES (1)");
    return this.ctx.storage.sql.exec("SELECT count(*) AS n FROM calls").one().n;
  }
}
export default {
  async fetch(request, env) {
    const counter = env.COUNTER.get(env.COUNTER.idFromName("one"));
    return Response.json({ greeting: env.GREETING, calls: await counter.count() });
  },
};`;

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-workerd-test-"));
  script = join(folder, "worker.js");
  await writeFile(script, SCRIPT);
});
afterAll(() => rm(folder, { recursive: true }));

test("what a Durable Object stored outlives a SIGKILL of the process", async () => {
  const options = {
    script,
    env: { GREETING: "hello" },
    durableObjects: { COUNTER: "Counter" },
    storage: join(folder, "storage"),
  };
  const first = await startWorkerd(options);
  expect(await (await fetch(first.url)).json()).toEqual({ greeting: "hello", calls: 1 });
  await first.kill();
  await expect(fetch(first.url)).rejects.toThrow();
  const second = await startWorkerd(options);
  expect(await (await fetch(second.url)).json()).toEqual({ greeting: "hello", calls: 2 });
  await second.kill();
});

test("a binding's value is not on the command line", async () => {
  const options = { script, env: { GREETING: "canary" }, durableObjects: { COUNTER: "Counter" } };
  const worker = await startWorkerd(options);
  const commandLine = await readFile(`/proc/${worker.pid}/cmdline`, "utf8").catch(() => "");
  await worker.kill();
  expect(commandLine).not.toContain("canary");
});

test("a script that does not load is reported with workerd's reason", async () => {
  const broken = join(folder, "broken.js");
  await writeFile(broken, "this is not JavaScript");
  await expect(startWorkerd({ script: broken })).rejects.toThrow("SyntaxError");
});

test.each([
  ["are kept by default", {}, true],
  ["are not kept where they are not wanted", { keepLogs: false }, false],
])("logs %s", async (_, options, areKept) => {
  const logging = join(folder, "logging.js");
  const code = `export default { fetch() { console.log("canary"); return new Response(); } };`;
  await writeFile(logging, code);
  const worker = await startWorkerd({ script: logging, ...options });
  await fetch(worker.url);
  await fetch(worker.url);
  await worker.kill("SIGTERM");
  expect(worker.output().includes("canary")).toBe(areKept);
});
