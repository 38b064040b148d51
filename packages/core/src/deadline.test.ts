import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { startDeadline } from "./deadline.ts";

describe("startDeadline", () => {
  test("aborts when the time is up, and says so", async () => {
    const deadline = startDeadline(20, undefined);
    expect(deadline.signal.aborted).toBe(false);
    await wait(60);
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.hasPassed()).toBe(true);
  });

  test("aborts with the caller's signal, and does not call that the end of the time", async () => {
    const caller = new AbortController();
    const deadline = startDeadline(20, caller.signal);
    caller.abort();
    expect(deadline.signal.aborted).toBe(true);
    await wait(60);
    expect(deadline.hasPassed()).toBe(false);
  });

  test("is aborted at once by a signal that is", () => {
    const deadline = startDeadline(1000, AbortSignal.abort());
    expect(deadline.signal.aborted).toBe(true);
    deadline.clear();
  });

  test("can be called off, and then ends for nobody", async () => {
    const caller = new AbortController();
    const deadline = startDeadline(20, caller.signal);
    deadline.clear();
    caller.abort();
    await wait(60);
    expect(deadline.signal.aborted).toBe(false);
    expect(deadline.hasPassed()).toBe(false);
  });

  test("lets work that takes no signal settle first, and leaves it behind otherwise", async () => {
    const deadline = startDeadline(20, undefined);
    await expect(deadline.race(Promise.resolve("done"))).resolves.toBe("done");
    await expect(deadline.race(new Promise(() => {}))).rejects.toBeDefined();
  });
});
