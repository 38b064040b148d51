import type { Sender } from "@convai-secrets/protocol";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { removeFinalLineBreak } from "../input/decode-text.ts";
import { readFileOf, readStandardInput } from "../input/read-text.ts";
import { formatTable } from "../output/format-table.ts";
import { printable } from "../output/printable.ts";
import type { Report } from "../report.ts";
import { checkSenders } from "../senders-document.ts";

const EXAMPLES = `
Examples:
  convai-secrets check-senders senders.json
  op read op://ops/senders/document | convai-secrets check-senders --json`;

const COLUMNS = ["SENDER", "SIGNING_SECRETS", "TOKENS", "OIDC", "EXISTING", "NAMES"];

/** Adds `check-senders`. */
export function addCheckSenders(program: Command, { finish }: Context): void {
  program
    .command("check-senders")
    .summary("validate a SENDERS document")
    .description("Validates a SENDERS document by the Worker's own rules, and shows the policies.")
    .argument("[FILE]", "the file; default standard input")
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined) => {
      const isPiped = file === undefined || file === "-";
      const text = isPiped ? await readStandardInput() : await readFileOf("FILE", file);
      finish(describe(removeFinalLineBreak(text)));
    });
}

function describe(json: string): Report {
  const { senders, issues, warnings, bytes } = checkSenders(json);
  const isValid = issues.length === 0;
  return {
    document: {
      valid: isValid,
      bytes,
      senders: (senders ?? []).map(summarize),
      issues: issues.map(({ path, rule }) => ({ path, message: rule })),
      warnings,
    },
    text: senders ? formatTable(COLUMNS, senders.map(formatRow)) : "",
    notes: [
      ...issues.map(({ path, rule }) => `${path}: ${rule}`),
      ...warnings.map((warning) => `Warning: ${warning}`),
    ],
    exitCode: isValid ? EXIT.done : EXIT.invalid,
  };
}

function summarize({ id, signingSecrets, tokenHashes, oidc, existing, names }: Sender) {
  return {
    id,
    signing_secrets: signingSecrets.length,
    tokens: tokenHashes.length,
    oidc: oidc.length,
    existing,
    names,
  };
}

function formatRow(sender: Sender): string[] {
  const { id, signing_secrets, tokens, oidc, existing, names } = summarize(sender);
  const counts = [signing_secrets, tokens, oidc].map(String);
  return [id, ...counts, existing, names.map(printable).join(" ")];
}
