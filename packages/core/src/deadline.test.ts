import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startDeadline } from "./deadline.ts";

describe("startDeadline", () => {
  test("a deadline aborts when the time is up, and has then passed", async () => {
    const deadline = startDeadline(20, undefined);
    expect(deadline.signal.aborted).toBe(false);
    await wait(60);
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.hasPassed()).toBe(true);
  });

  test("a deadline aborts with the caller's signal, and has then not passed", async () => {
    const caller = new AbortController();
    const deadline = startDeadline(20, caller.signal);
    caller.abort();
    expect(deadline.signal.aborted).toBe(true);
    await wait(60);
    expect(deadline.hasPassed()).toBe(false);
  });

  test("a deadline starts aborted if the caller's signal is aborted", () => {
    const deadline = startDeadline(1000, AbortSignal.abort());
    expect(deadline.signal.aborted).toBe(true);
    deadline.clear();
  });

  test("a cleared deadline does not abort", async () => {
    const caller = new AbortController();
    const deadline = startDeadline(20, caller.signal);
    deadline.clear();
    caller.abort();
    await wait(60);
    expect(deadline.signal.aborted).toBe(false);
    expect(deadline.hasPassed()).toBe(false);
  });

  test("race returns the result of work, or rejects when the deadline aborts", async () => {
    const deadline = startDeadline(20, undefined);
    await expect(deadline.race(Promise.resolve("done"))).resolves.toBe("done");
    await expect(deadline.race(new Promise(() => {}))).rejects.toBeDefined();
  });
});
