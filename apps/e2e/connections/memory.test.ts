import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sendDelivery, type TestStack } from "@convai-secrets/testing";
import { SCALE } from "@convai-secrets/testing/seed";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStack } from "../support/start-stack.ts";
import { open, sendRaw } from "./raw-request.ts";

const MIB = 1024 * 1024;

/** What an isolate may take at Cloudflare, 128 MiB, and as much again for workerd itself. */
const ALLOWED_GROWTH = 256 * MIB;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  await Promise.all(
    range(200).map((index) =>
      sendDelivery(stack, { name: `WARM_${index}`, value: "v".repeat(1_000) }),
    ),
  );
});
afterAll(() => stack.stop());

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** The process's resident memory, in bytes. */
async function readMemory(): Promise<number> {
  const status = await readFile(`/proc/${stack.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** How much more memory it took meanwhile than before, at the most. */
async function measureGrowth(attack: () => Promise<unknown>): Promise<number> {
  const before = await readMemory();
  let peak = before;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await readMemory());
      await sleep(20);
    }
  })();
  await attack().finally(() => {
    isOver = true;
  });
  await watching;
  return peak - before;
}

const post = (fields: readonly string[], body: string) =>
  sendRaw(
    stack.url,
    [
      "POST /v1/convai/secrets HTTP/1.1",
      "host: worker.test",
      "connection: close",
      "content-type: application/json",
      `xi-api-key: ${stack.sender.token}`,
      ...fields,
      "",
      body,
    ].join("\r\n"),
  );

const chunked = (bytes: number) => `10000\r\n${"x".repeat(0x10000)}\r\n`.repeat(bytes / 0x10000);

/** Many of each at once: without credentials, as senders, and from the upstream. */
const ATTACKS: Readonly<Record<string, () => Promise<unknown>>> = {
  "bodies of 16 MiB": () =>
    Promise.all(
      range(30).map(() => post(["transfer-encoding: chunked"], `${chunked(16 * MIB)}0\r\n\r\n`)),
    ),
  "deep JSON": () =>
    Promise.all(
      range(200).map(async () => {
        const body = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
        // 408 if the Worker is too busy to read a body within its time limit.
        expect(await post([`content-length: ${body.length}`], body)).toMatch(/^\S+ (?:408|422) /);
      }),
    ),
  "headers of a megabyte": () =>
    Promise.all(range(30).map(() => post([`x: ${"a".repeat(MIB)}`, "content-length: 0"], ""))),
  "clients that never read": async () => {
    const readers = range(20).map(() => open(stack.url).pause());
    const request = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n";
    for (const reader of readers) reader.write(request.repeat(500));
    await sleep(1_000);
    for (const reader of readers) reader.destroy();
  },
  "bodies that never end": async () => {
    const senders = range(200).map(() => open(stack.url));
    const head = `POST /v1/convai/secrets HTTP/1.1\r\nhost: x\r\nxi-api-key: ${stack.sender.token}\r\n`;
    for (const sender of senders) {
      sender.write(`${head}content-length: 65000\r\n\r\n${"x".repeat(60_000)}`);
    }
    await sleep(1_000);
    for (const sender of senders) sender.destroy();
  },
  "gzip bombs of upstream": () => strike("gzip-bomb"),
  "endless bodies of upstream": () => strike("endless-body"),
};

let strikes = 0;

async function strike(kind: "gzip-bomb" | "endless-body") {
  strikes += 1;
  const names = range(8).map((index) => `STRIKE_${strikes}_${index}`);
  for (const name of names) stack.upstream.inject({ kind, name });
  const answers = await Promise.all(
    names.map((name) => sendDelivery(stack, { name: name, value: "v" })),
  );
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 502));
}

test.each(Object.entries(ATTACKS))("memory stays bounded during %s", async (name, attack) => {
  const growths: number[] = [];
  for (const _ of range(SCALE)) growths.push(await measureGrowth(attack));
  process.stdout.write(`${name}: ${growths.map((bytes) => Math.round(bytes / MIB)).join()} MiB\n`);
  expect(Math.max(...growths)).toBeLessThan(ALLOWED_GROWTH);
  expect((await sendDelivery(stack, { name: "NEXT", value: "v" })).status).toBe(200);
});

test("memory stays bounded after all attacks in sequence", async () => {
  const before = await readMemory();
  for (const attack of Object.values(ATTACKS)) await attack();
  expect((await readMemory()) - before).toBeLessThan(ALLOWED_GROWTH);
});
