import { beforeEach, expect, test } from "vitest";
import { createElevenLabsLocal, type ElevenLabsLocal, type Fault } from "../src/index.ts";

const BASE = "https://api.elevenlabs.test/v1/convai/secrets";

let upstream: ElevenLabsLocal;

beforeEach(() => {
  upstream = createElevenLabsLocal();
});

function send(method: "POST" | "PATCH", path: string, body: object) {
  const headers = { "xi-api-key": "local-api-key" };
  return upstream
    .fetch(new Request(BASE + path, { method, headers, body: JSON.stringify(body) }))
    .catch(() => undefined);
}

const create = (value = "1", name = "A") => send("POST", "", { type: "new", name, value });
const update = (value: string, id = "x") =>
  send("PATCH", `/${id}`, { type: "update", name: "A", value });
const overlaps = () => upstream.received().overlapsByName;

const LATE = { kind: "answer", status: 502, store: { afterMs: 100 } } as const;
const NEVER: Fault = { kind: "hang" };

test("writes one after another do not overlap", async () => {
  await create("1");
  await update("2");
  await create("3");
  expect(overlaps()).toEqual({});
});

test("two creates at a time overlap, with another value and with the same", async () => {
  upstream.inject({ kind: "delay", ms: 50, times: 2 });
  await Promise.all([create("1"), create("2")]);
  expect(overlaps()).toEqual({ A: 1 });
  upstream.inject({ kind: "delay", ms: 50, times: 2 });
  await Promise.all([create("1"), create("1")]);
  expect(overlaps()).toEqual({ A: 2 });
});

test("a write overlaps a call that is applied late, until that call is applied", async () => {
  upstream.inject(LATE);
  await create("1");
  await update("2");
  expect(overlaps()).toEqual({ A: 1 });
  await expect.poll(() => upstream.secrets()).toHaveLength(1);
  await update("3");
  expect(overlaps()).toEqual({ A: 1 });
});

test("a repeated update with the same value does not count, and another value does", async () => {
  upstream.inject({ ...LATE, method: "PATCH" });
  await update("1");
  await update("1");
  expect(overlaps()).toEqual({});
  await update("2");
  expect(overlaps()).toEqual({ A: 1 });
});

test("calls that are never applied, and other names, do not count", async () => {
  upstream.inject(NEVER);
  upstream.inject({ kind: "drop" });
  void create("1");
  await create("2");
  await create("3");
  expect(overlaps()).toEqual({});
  upstream.inject(LATE);
  await create("4", "B");
  await create("5", "C");
  expect(overlaps()).toEqual({});
});

test("reset forgets overlaps and calls in flight", async () => {
  upstream.inject(LATE);
  await create("1");
  await create("2");
  upstream.reset();
  await create("3");
  expect(overlaps()).toEqual({});
});
