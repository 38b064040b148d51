import { describe, expect, test } from "vitest";
import { formatTable } from "../src/format-table.ts";
import { type Outcome, runRuntime } from "../src/run-runtime.ts";
import type { Runtime } from "../src/runtime.ts";
import { ALWAYS } from "../src/runtimes.ts";
import type { Report } from "../src/suite/support/report.ts";

describe("the suite of core and the client", () => {
  test.concurrent.each(ALWAYS)(
    "every test of core and the client passes on $name",
    async (runtime) => {
      const outcome = await runRuntime(runtime);
      // `.ci/run` counts these tests as well.
      process.stdout.write(`${formatTable([outcome])}\n`);
      const { passed, failures, limits } = outcome;
      expect({ failures, limits }).toEqual({ failures: [], limits: [] });
      expect(passed).toBeGreaterThan(60);
    },
  );
});

describe("the report on a runtime", () => {
  const simulate = (report: Report, limits = {}): Runtime => ({
    name: "Simulated",
    limits,
    find: async () => ({ version: "1.2.3", run: async () => report }),
  });
  const failure = { test: "core: a title", reason: "is 1, not 2" };

  test("a runtime that is not available is listed as skipped, with the reason", async () => {
    const find = async () => ({ missing: "not installed" });
    const outcome = await runRuntime({ name: "Absent", find });
    expect(outcome).toMatchObject({ passed: 0, failures: [], skipped: "not installed" });
    expect(formatTable([outcome])).toMatch(/^\| Absent .*skipped: not installed/m);
  });

  test("a failed test is reported with its title and its reason", async () => {
    const outcome = await runRuntime(simulate({ passed: 1, failures: [failure] }));
    expect(outcome.failures).toEqual([failure]);
    expect(formatTable([outcome])).toContain("FAILED: Simulated, core: a title\n  is 1, not 2");
  });

  test("a known limit of a runtime is reported with its reason, and is no failure", async () => {
    const limits = { "core: a title": "the platform cannot" };
    const outcome = await runRuntime(simulate({ passed: 1, failures: [failure] }, limits));
    expect(outcome.failures).toEqual([]);
    expect(formatTable([outcome])).toContain("core: a title\n  the platform cannot");
  });

  test.each<[string, Runtime]>([
    ["runs no test", simulate({ passed: 0, failures: [] })],
    [
      "ends before the suite ends",
      {
        name: "Simulated",
        find: async () => ({ version: "1", run: () => Promise.reject(new Error("it ended")) }),
      },
    ],
  ])("a runtime that %s is reported as failed", async (_, runtime) => {
    const { failures }: Outcome = await runRuntime(runtime);
    expect(failures).toMatchObject([{ test: "the suite" }]);
  });
});
