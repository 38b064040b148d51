import type { Command } from "commander";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { readStandardInput } from "../input/read-text.ts";
import { formatTable } from "../output/format-table.ts";
import { printable } from "../output/printable.ts";
import type { Report } from "../report.ts";
import { checkSenders } from "../senders-document.ts";

const EXAMPLES = `
Examples:
  convai-secrets check-senders < senders.json
  op read op://ops/senders/document | convai-secrets check-senders --json`;

/** Adds `check-senders`. */
export function addCheckSenders(program: Command, { finish }: Context): void {
  program
    .command("check-senders")
    .summary("validate a SENDERS document")
    .description(
      "Validates a SENDERS document from standard input by the Worker's own rules, and shows who may store what.",
    )
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async () => finish(describe((await readStandardInput()).trimEnd())));
}

function describe(json: string): Report {
  const { senders, issues, warnings, bytes } = checkSenders(json);
  const summary = senders?.map(({ id, signingSecrets, tokenHashes, names }) => ({
    id,
    signing_secrets: signingSecrets.length,
    tokens: tokenHashes.length,
    names,
  }));
  const rows = (summary ?? []).map(({ id, signing_secrets, tokens, names }) => [
    id,
    String(signing_secrets),
    String(tokens),
    names.map(printable).join(" "),
  ]);
  return {
    document: {
      valid: issues.length === 0,
      bytes,
      senders: summary ?? [],
      issues: issues.map(({ path, rule }) => ({ path, message: rule })),
      warnings,
    },
    text: summary ? formatTable(["SENDER", "SIGNING_SECRETS", "TOKENS", "NAMES"], rows) : "",
    notes: [
      ...issues.map(({ path, rule }) => `${path}: ${rule}`),
      ...warnings.map((warning) => `Warning: ${warning}`),
    ],
    exitCode: issues.length === 0 ? EXIT.done : EXIT.invalid,
  };
}
