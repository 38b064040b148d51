import type { Outcome } from "./run-runtime.ts";
import type { Failure } from "./suite/report.ts";

const HEAD = ["runtime", "version", "passed", "failed", "limits", ""];

/** One line a runtime, those that were skipped too; below, what does not hold there and why. */
export function formatTable(outcomes: readonly Outcome[]): string {
  const rows = [HEAD, ...outcomes.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    ...lines,
    ...outcomes.flatMap(({ name, limits }) => formatAll("limit", name, limits)),
    ...outcomes.flatMap(({ name, failures }) => formatAll("FAILED", name, failures)),
  ].join("\n");
}

function formatRow(outcome: Outcome): string[] {
  const { name, version = "", passed, failures, limits, skipped } = outcome;
  if (skipped !== undefined) return [name, "-", "-", "-", "-", `skipped: ${skipped}`];
  return [name, version, String(passed), String(failures.length), String(limits.length), ""];
}

function formatAll(what: string, runtime: string, failures: readonly Failure[]): string[] {
  return failures.map(
    ({ test, reason }) => `\n${what}: ${runtime}, ${test}\n  ${reason.replaceAll("\n", "\n  ")}`,
  );
}
