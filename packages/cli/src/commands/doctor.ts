import type { Command } from "commander";
import { type CallOptions, type Context, SETTINGS_OPTION } from "../context.ts";
import type { Check, CheckStatus } from "../doctor/check.ts";
import { examine } from "../doctor/examine.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { paint } from "../output/paint.ts";
import type { Report } from "../report.ts";

const HELP = `
Checks the configuration, the address, TLS, what answers there, the clock, the credential and the
sender's policy. It stores nothing. Exit code 2: the configuration is wrong; 4: another check failed.

Examples:
  convai-secrets doctor
  convai-secrets doctor CRM_TOKEN
  convai-secrets doctor --json | jq -r '.checks[] | select(.status == "failed").code'`;

const STYLES = {
  ok: "green",
  warning: "yellow",
  failed: "red",
  skipped: "dim",
} as const satisfies Record<CheckStatus, string>;

/** Adds `doctor`. */
export function addDoctor(program: Command, { finish }: Context): void {
  program
    .command("doctor")
    .summary("find out why deliveries would fail")
    .description("Checks everything that a delivery needs, and says what to do.")
    .argument("[NAME...]", "names that the sender should be allowed to store")
    .option(...SETTINGS_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(async (names: readonly string[], { settings }: CallOptions) =>
      finish(describe(await examine(settings, names))),
    );
}

function describe(checks: readonly Check[]): Report {
  const lines = checks.flatMap(({ check, status, message, action }) => [
    `${paint(process.stdout, STYLES[status], status.padEnd(7))} ${check.padEnd(14)} ${message}`,
    ...(action === undefined ? [] : [`${" ".repeat(22)} → ${action}`]),
  ]);
  const exitCode = chooseExitCode(checks);
  return {
    document: { ok: exitCode === EXIT.done, checks },
    text: lines.join("\n"),
    notes: [],
    exitCode,
  };
}

function chooseExitCode(checks: readonly Check[]): ExitCode {
  const failed = checks.filter(({ status }) => status === "failed");
  if (failed.length === 0) return EXIT.done;
  return failed.some(({ check }) => check === "configuration") ? EXIT.usage : EXIT.failed;
}
