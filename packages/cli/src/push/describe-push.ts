import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeDeliveryError } from "../output/describe-failure.ts";
import { formatTable } from "../output/format-table.ts";
import { paint } from "../output/paint.ts";
import { printable } from "../output/printable.ts";
import type { Report } from "../report.ts";
import type { CheckedSecret } from "./check-secrets.ts";
import type { Pushed } from "./push-secrets.ts";

const OUTCOMES = {
  stored: ["stored", "green"],
  already_stored: ["already stored", "green"],
  not_created: ["not stored", "red"],
  unknown: ["unknown", "yellow"],
  not_sent: ["not sent", "dim"],
} as const;

const NAMES = Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[];

/** The report of a push, whole or interrupted. */
export function describePush(
  pushed: readonly Pushed[],
  interruptedWith: ExitCode | undefined,
): Report {
  const counts = NAMES.map(
    (outcome) => [outcome, pushed.filter((one) => one.outcome === outcome).length] as const,
  );
  const summary = Object.fromEntries(counts) as Record<Pushed["outcome"], number>;
  const exitCode = chooseExitCode(summary, interruptedWith);
  const interrupted = exitCode !== EXIT.done && exitCode === interruptedWith;
  return {
    document: { dry_run: false, interrupted, summary, secrets: pushed.map(describeOne) },
    text: formatTable(["NAME", "OUTCOME", "SECRET_ID"], pushed.map(formatRow)),
    notes: [...pushed.flatMap(explain), ...conclude(counts, exitCode, interrupted)],
    exitCode,
  };
}

/** The report of a push that only checked. */
export function describeDryRun(secrets: readonly CheckedSecret[]): Report {
  const names = secrets.map(({ name }) => name);
  return {
    document: { dry_run: true, secrets: names.map((name) => ({ name, outcome: "not_sent" })) },
    text: formatTable(
      ["NAME"],
      names.map((name) => [printable(name)]),
    ),
    notes: [`Dry run: nothing was sent; ${names.length} would be.`],
    exitCode: EXIT.done,
  };
}

function chooseExitCode(
  { not_created, unknown, not_sent }: Record<Pushed["outcome"], number>,
  interruptedWith: ExitCode | undefined,
): ExitCode {
  if (not_created + unknown + not_sent === 0) return EXIT.done;
  return interruptedWith ?? (unknown > 0 ? EXIT.unknown : EXIT.failed);
}

function describeOne(pushed: Pushed): object {
  const { name, outcome } = pushed;
  if ("error" in pushed) return { name, outcome, error: describeDeliveryError(pushed.error) };
  if (!("secretId" in pushed)) return { name, outcome };
  return { name, outcome, secret_id: pushed.secretId, attempts: pushed.attempts };
}

function formatRow(pushed: Pushed): string[] {
  const [label, style] = OUTCOMES[pushed.outcome];
  const outcome = "error" in pushed ? `${label} (${pushed.error.code})` : label;
  return [
    printable(pushed.name),
    paint(process.stdout, style, outcome),
    "secretId" in pushed ? printable(pushed.secretId) : "-",
  ];
}

function explain(pushed: Pushed): string[] {
  if (!("error" in pushed)) return [];
  const { message, requestId } = pushed.error;
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  return [`${printable(pushed.name)}: ${message}${request}`];
}

function conclude(
  counts: readonly (readonly [Pushed["outcome"], number])[],
  exitCode: ExitCode,
  interrupted: boolean,
): string[] {
  const parts = counts
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${OUTCOMES[outcome][0]}`);
  const summary = `${interrupted ? "Interrupted: " : ""}${parts.join(", ")}.`;
  if (exitCode === EXIT.done) return [summary];
  return [summary, "Run the same command again for the rest: what is stored is not stored twice."];
}
