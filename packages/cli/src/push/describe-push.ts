import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeDeliveryError, explainDeliveryError } from "../output/describe-failure.ts";
import { describeProxy } from "../output/describe-proxy.ts";
import { formatTable } from "../output/format-table.ts";
import { paint } from "../output/paint.ts";
import { printable } from "../output/printable.ts";
import type { Report } from "../report.ts";
import type { Pushed } from "./push-secrets.ts";

const OUTCOMES = {
  created: ["created", "green"],
  updated: ["updated", "green"],
  replayed: ["already stored", "green"],
  stored: ["stored", "green"],
  would_create: ["would be created", "green"],
  would_update: ["would be updated", "green"],
  would_replay: ["already stored", "green"],
  not_applied: ["not stored", "red"],
  unknown: ["unknown", "yellow"],
  not_sent: ["not sent", "dim"],
} as const satisfies Record<Pushed["outcome"], readonly [string, string]>;

const NAMES = Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[];

/** What a push was, besides its results. */
export interface PushContext {
  readonly url: string;
  readonly dryRun: boolean;
  /** How many secrets were left out because they are empty. */
  readonly skipped: number;
  readonly interruptedWith: ExitCode | undefined;
}

/** The report of a push or a dry run, complete or interrupted. */
export function describePush(pushed: readonly Pushed[], context: PushContext): Report {
  const { url, dryRun, skipped, interruptedWith } = context;
  const { host } = new URL(url);
  const counts = NAMES.map(
    (outcome) => [outcome, pushed.filter((one) => one.outcome === outcome).length] as const,
  ).filter(([, count]) => count > 0);
  const exitCode = chooseExitCode(pushed, interruptedWith);
  const interrupted = exitCode !== EXIT.done && exitCode === interruptedWith;
  const errors = pushed.flatMap((one) => ("error" in one ? [one] : []));
  const [first] = errors;
  return {
    document: {
      dry_run: dryRun,
      interrupted,
      skipped,
      summary: Object.fromEntries(counts),
      secrets: pushed.map(describeOne),
    },
    text: formatTable(["NAME", "OUTCOME", "SECRET_ID"], pushed.map(formatRow)),
    notes: [
      ...errors.map(
        ({ name, error }) => `${printable(name)}: ${explainDeliveryError(error, host)}`,
      ),
      ...(first === undefined ? [] : describeProxy(first.error.code, process.env)),
      summarize(counts, context, interrupted),
      ...(pushed.some(canStillBeStored)
        ? ["Run the same command again for the rest: nothing is stored twice."]
        : []),
    ],
    exitCode,
  };
}

function chooseExitCode(
  pushed: readonly Pushed[],
  interruptedWith: ExitCode | undefined,
): ExitCode {
  const outcomes = new Set(pushed.map(({ outcome }) => outcome));
  const isDone = !["not_applied", "unknown", "not_sent"].some((one) =>
    outcomes.has(one as Pushed["outcome"]),
  );
  if (isDone) return EXIT.done;
  return interruptedWith ?? (outcomes.has("unknown") ? EXIT.unknown : EXIT.failed);
}

/** Whether the same command can store the secret, now or after its problem is corrected. */
function canStillBeStored(pushed: Pushed): boolean {
  if (pushed.outcome === "not_sent") return true;
  if (!("error" in pushed)) return false;
  const { retryable, outcome, code } = pushed.error;
  return retryable || (outcome === "unknown" && code !== "outcome_unknown");
}

function describeOne(pushed: Pushed): object {
  const { name, outcome } = pushed;
  if ("error" in pushed) return { name, outcome, error: describeDeliveryError(pushed.error) };
  if (!("secretId" in pushed)) return { name, outcome };
  return { name, outcome, secret_id: pushed.secretId };
}

function formatRow(pushed: Pushed): string[] {
  const [label, style] = OUTCOMES[pushed.outcome];
  const outcome = "error" in pushed ? `${label} (${pushed.error.code})` : label;
  const secretId = "secretId" in pushed ? pushed.secretId : undefined;
  return [printable(pushed.name), paint(process.stdout, style, outcome), secretId ?? "-"];
}

function summarize(
  counts: readonly (readonly [Pushed["outcome"], number])[],
  { dryRun, skipped }: PushContext,
  interrupted: boolean,
): string {
  const parts = [
    ...counts.map(([outcome, count]) => `${count} ${OUTCOMES[outcome][0]}`),
    ...(skipped > 0 ? [`${skipped} empty, skipped`] : []),
  ];
  const prefix = interrupted ? "Interrupted: " : dryRun ? "Dry run, nothing was stored: " : "";
  return `${prefix}${parts.join(", ")}.`;
}
