import { markdownTable } from "markdown-table";
import type { Outcome } from "./run-runtime.ts";
import type { Failure } from "./suite/support/report.ts";

const HEAD = ["runtime", "version", "passed", "failed", "limits", "note"];

/** Formats one row per runtime, and below them the limits and the failures with their reasons. */
export function formatTable(outcomes: readonly Outcome[]): string {
  return [
    markdownTable([HEAD, ...outcomes.map(formatRow)]),
    ...outcomes.flatMap(({ name, limits }) => formatAll("limit", name, limits)),
    ...outcomes.flatMap(({ name, failures }) => formatAll("FAILED", name, failures)),
    formatTotal(outcomes),
  ].join("\n");
}

/** The last line, in the words of Vitest's, so that `.ci/run` counts these tests as well. */
function formatTotal(outcomes: readonly Outcome[]): string {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, { failures }) => sum + failures.length, 0);
  return `\n Tests  ${failed} failed | ${passed} passed (${failed + passed})`;
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
