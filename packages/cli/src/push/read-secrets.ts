import { matchesPattern } from "@convai-secrets/protocol";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { type Input, readInput } from "../formats/read-input.ts";
import { type CheckedSecret, checkSecrets } from "./check-secrets.ts";
import { type Renaming, rename } from "./rename.ts";

/** Which secrets, and under which names. */
export interface ReadSecretsOptions {
  readonly input: Input;
  /** Patterns of names; empty for all. */
  readonly only: readonly string[];
  readonly renamings: readonly Renaming[];
  /** Whether secrets with an empty value are left out. */
  readonly skipEmpty: boolean;
}

/** The secrets to push. */
export interface SelectedSecrets {
  readonly secrets: readonly CheckedSecret[];
  /** How many were left out because they are empty. */
  readonly skipped: number;
}

/**
 * Reads the secrets of a push: read → select → rename → check. What is not selected cannot break a
 * rule.
 *
 * @throws {CommandFailure} that lists every broken rule
 */
export async function readSecrets(options: ReadSecretsOptions): Promise<SelectedSecrets> {
  const { only, renamings, skipEmpty } = options;
  const found = await readInput(options.input);
  const named = found.secrets.filter(
    ({ name }) => only.length === 0 || only.some((pattern) => matchesPattern(name, pattern)),
  );
  const filled = named.filter(
    ({ value, rules }) => !(skipEmpty && value === "" && rules.length === 0),
  );
  const renamed = filled.map((secret) => ({ ...secret, name: rename(secret.name, renamings) }));
  const { secrets, issues } = checkSecrets(renamed);
  const all = [...(only.length === 0 ? found.issues : []), ...issues];
  if (all.length > 0) {
    const message = `Nothing was sent: the input breaks ${all.length === 1 ? "a rule" : "rules"}`;
    throw new CommandFailure("invalid_input", EXIT.invalid, message, all);
  }
  const skipped = named.length - filled.length;
  if (secrets.length > 0 || skipped > 0) return { secrets, skipped };
  const message = only.length > 0 ? "No name matches --only" : "The input contains no secret";
  throw new CommandFailure("invalid_input", EXIT.invalid, `Nothing was sent: ${message}`);
}
