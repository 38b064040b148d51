import { generateLedgerKey } from "@convai-secrets/protocol";
import { DeployError } from "./deploy-error.ts";
import type { Terminal } from "./terminal.ts";
import { findFaults, HINTS } from "./worker-secrets.ts";

/** What decides which secrets a deployment sets. */
export interface SecretsRequest {
  /** The secrets that the Worker requires. */
  readonly required: readonly string[];
  /** The secrets that are set on the deployed Worker. */
  readonly set: readonly string[];
  /** Secrets to ask for although they are set. */
  readonly replace: readonly string[];
  /** Secrets from standard input. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Collects the secrets that a deployment sets: those from standard input, and those that are missing
 * or to be replaced. The ledger key is generated if it is missing, because no person needs to know
 * it. It is never replaced by accident: a ledger with another key does not recognise the values that
 * it has stored.
 *
 * @throws {DeployError} if a secret is unknown, breaks a rule, or is missing and cannot be asked for
 */
export async function collectSecrets(
  { required, set, replace, given }: SecretsRequest,
  terminal: Terminal,
): Promise<Record<string, string>> {
  const known = required.join(", ");
  // The names are not shown: one of them can be a secret in the wrong place.
  if (replace.some((name) => !required.includes(name)))
    throw new DeployError(`--replace takes the name of a secret: ${known}.`);
  if (Object.keys(given).some((name) => !required.includes(name)))
    throw new DeployError(`Standard input contains an unknown name. The secrets are: ${known}.`);
  const faults = Object.entries(given).flatMap(([name, value]) => findFaults(name, value));
  if (faults.length > 0) throw new DeployError(faults.join("\n"));
  const ledgerKey = given["LEDGER_KEY"];
  const isOneKey = ledgerKey !== undefined && !ledgerKey.includes(" ");
  if (isOneKey && set.includes("LEDGER_KEY") && !replace.includes("LEDGER_KEY"))
    throw new DeployError(LEDGER_KEY_IS_SET);

  const secrets: Record<string, string> = { ...given };
  const wanted = required.filter((name) => !set.includes(name) || replace.includes(name));
  if (wanted.includes("LEDGER_KEY") && !replace.includes("LEDGER_KEY"))
    secrets["LEDGER_KEY"] ??= generateLedgerKey();
  const missing = wanted.filter((name) => secrets[name] === undefined);
  const { askSecret } = terminal;
  if (missing.length > 0 && askSecret === undefined) throw new DeployError(describe(missing));
  for (const name of missing) if (askSecret) secrets[name] = await askFor(name, askSecret);
  return secrets;
}

const LEDGER_KEY_IS_SET =
  "LEDGER_KEY is set. With another key, the ledger does not recognise the values it has stored. Give two keys separated by a space, the newer first, or add --replace LEDGER_KEY.";

async function askFor(
  name: string,
  askSecret: (question: string) => Promise<string>,
): Promise<string> {
  let question = `${name}: ${HINTS[name] ?? "a secret"}\n(not shown) > `;
  for (;;) {
    const value = await askSecret(question);
    const faults = findFaults(name, value);
    if (faults.length === 0) return value;
    question = `${faults.join("\n")}\n${name} again (not shown) > `;
  }
}

function describe(names: readonly string[]): string {
  return [
    "These secrets are not set:",
    ...names.map((name) => `  ${name}: ${HINTS[name] ?? "a secret"}`),
    "Run this on a terminal, or pass them as a JSON object on standard input:",
    "  … | npm run deploy -- --secrets-from-stdin",
  ].join("\n");
}
