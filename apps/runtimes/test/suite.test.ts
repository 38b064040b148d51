import { describe, expect, test } from "vitest";
import { formatTable } from "../src/format-table.ts";
import { type Outcome, runRuntime } from "../src/run-runtime.ts";
import type { Runtime } from "../src/runtime.ts";
import { ALWAYS } from "../src/runtimes.ts";
import type { Report } from "../src/suite/report.ts";

describe("the suite of core and the sender's library", () => {
  test.concurrent.each(ALWAYS)("holds on $name", async (runtime) => {
    const { passed, failures, limits } = await runRuntime(runtime);
    expect({ failures, limits }).toEqual({ failures: [], limits: [] });
    expect(passed).toBeGreaterThan(60);
  });
});

describe("a runtime", () => {
  const pretend = (report: Report, limits = {}): Runtime => ({
    name: "Pretend",
    limits,
    find: async () => ({ version: "1.2.3", run: async () => report }),
  });
  const failure = { test: "core: a title", reason: "is 1, not 2" };

  test("that cannot be had is skipped by name, with the reason", async () => {
    const find = async () => ({ missing: "not installed" });
    const outcome = await runRuntime({ name: "Absent", find });
    expect(outcome).toMatchObject({ passed: 0, failures: [], skipped: "not installed" });
    expect(formatTable([outcome])).toMatch(/^Absent .*skipped: not installed$/m);
  });

  test("on which a test fails has failed, and says which and why", async () => {
    const outcome = await runRuntime(pretend({ passed: 1, failures: [failure] }));
    expect(outcome.failures).toEqual([failure]);
    expect(formatTable([outcome])).toContain("FAILED: Pretend, core: a title\n  is 1, not 2");
  });

  test("that has a known limit shows it, with its reason", async () => {
    const limits = { "core: a title": "the platform cannot" };
    const outcome = await runRuntime(pretend({ passed: 1, failures: [failure] }, limits));
    expect(outcome.failures).toEqual([]);
    expect(formatTable([outcome])).toContain("core: a title\n  the platform cannot");
  });

  test.each<[string, Runtime]>([
    ["runs no test", pretend({ passed: 0, failures: [] })],
    [
      "ends before the suite does",
      {
        name: "Pretend",
        find: async () => ({ version: "1", run: () => Promise.reject(new Error("it ended")) }),
      },
    ],
  ])("that %s has failed", async (_, runtime) => {
    const { failures }: Outcome = await runRuntime(runtime);
    expect(failures).toMatchObject([{ test: "the suite" }]);
  });
});
