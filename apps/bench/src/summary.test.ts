import { expect, test } from "vitest";
import type { Report } from "./report.ts";
import type { Result } from "./rounds.ts";
import { chartBars, chartText, formatSummary } from "./summary.ts";

const spread = (median: number) => ({ median, min: median, max: median });
const result = (name: string, connections: number, ratio: number): Result => ({
  name,
  connections,
  requestsPerSecond: spread(6000 * ratio),
  p50Ms: spread(2),
  p99Ms: spread(5),
  cpuSecondsPer1000: spread(0.1 / ratio),
  residentBytes: spread(1e8),
  ratio: {
    requestsPerSecond: spread(ratio),
    p99Ms: spread(1 / ratio),
    cpuSecondsPer1000: spread(1 / ratio),
  },
});

const report: Report = {
  machine: {
    cpu: "Test CPU",
    cores: 2,
    memoryGiB: 8,
    system: "linux x64",
    node: "v24.0.0",
    date: "2026-01-02",
  },
  effort: { rounds: 7, seconds: 2, warmUpSeconds: 1 },
  throughput: [
    result("bare pass-through", 16, 1),
    result("ledger in memory", 16, 0.5),
    result("hono + zod + fetch", 16, 0.8),
    result("ledger in memory", 1, 0.4),
  ],
  flood: [result("forged", 16, 1)],
  work: [{ name: "by rows", results: [result("0 rows", 16, 1), result("10 rows", 16, 0.9)] }],
  shipped: [{ name: "this Worker, whole", bytes: 80_000, gzipBytes: 25_600 }],
  startUp: [{ name: "this Worker, whole", ms: spread(12) }],
  imports: [{ name: "core", ms: spread(31), ratio: spread(1.05) }],
  installed: [{ name: "core", bytes: 2_500_000, packages: 3 }],
};

test("the summary tells the machine, the day and the rounds", () => {
  const summary = formatSummary(report);
  expect(summary).toContain("Measured on 2026-01-02 on 2 cores of Test CPU with 8 GiB");
  expect(summary).toContain("7 interleaved rounds of 2 s each");
});

test("every figure of the report finds its row and column", () => {
  const rows = formatSummary(report)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const row = (name: string) => rows.find((cells) => cells[1] === name)?.slice(2, -1);
  expect(row("ledger in memory")).toEqual([
    "0.40 (0.40–0.40)",
    "0.50 (0.50–0.50)",
    "",
    "2",
    "5",
    "2.00 (2.00–2.00)",
    "0.2",
    "100",
  ]);
  expect(row("forged")).toEqual(["6,000", "0.1", "1.00 (1.00–1.00)"]);
  expect(row("by rows")).toEqual(["0 rows", "6,000", "1.00 (1.00–1.00)", "2"]);
  expect(row("this Worker, whole")).toEqual(["78.1", "25.0", "12"]);
  expect(row("core")).toEqual(["31", "1.05 (1.05–1.05)", "2.5", "3"]);
});

test("the chart shows the Workers at 16 connections, ours apart from the others", () => {
  expect(chartBars(report).map(({ label, kind }) => [label, kind])).toEqual([
    ["bare pass-through", "limit"],
    ["ledger in memory", "ours"],
    ["hono + zod + fetch", "other"],
  ]);
  expect(chartText(report).subtitle).toContain("2 cores of Test CPU, 2026-01-02");
});
