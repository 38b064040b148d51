import { matchesPattern } from "@convai-secrets/protocol";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import type { Found } from "../input/found-secret.ts";
import { parseEnvFile } from "../input/parse-env-file.ts";
import { parseSecretsJson } from "../input/parse-secrets-json.ts";
import { readFileOf, readStandardInput } from "../input/read-text.ts";
import { type CheckedSecret, checkSecrets } from "./check-secrets.ts";
import { type Renaming, rename } from "./rename.ts";

/** Which secrets, and under which names. */
export interface ReadSecretsOptions {
  /** A .env file; `-` is standard input, which is JSON otherwise. */
  readonly envFile: string | undefined;
  /** Patterns of names; empty for all. */
  readonly only: readonly string[];
  readonly renamings: readonly Renaming[];
}

/**
 * Reads the secrets of a push: find → select → rename → check.
 *
 * @throws {CommandFailure} that lists everything wrong with any of them
 */
export async function readSecrets(options: ReadSecretsOptions): Promise<readonly CheckedSecret[]> {
  const { only, renamings } = options;
  const found = await find(options.envFile);
  const selected = found.secrets
    .filter(({ name }) => only.length === 0 || only.some((it) => matchesPattern(name, it)))
    .map((secret) => ({ ...secret, name: rename(secret.name, renamings) }));
  const { secrets, issues } = checkSecrets(selected);
  const all = [...found.issues, ...issues];
  if (all.length > 0) {
    const message = `Nothing was sent: the input breaks ${all.length === 1 ? "a rule" : "rules"}`;
    throw new CommandFailure("invalid_input", EXIT.invalid, message, all);
  }
  if (secrets.length > 0) return secrets;
  const message = only.length > 0 ? "No name fits --only" : "The input holds no secret";
  throw new CommandFailure("invalid_input", EXIT.invalid, `Nothing was sent: ${message}`);
}

async function find(envFile: string | undefined): Promise<Found> {
  if (envFile === "-") return parseEnvFile(await readStandardInput());
  if (envFile !== undefined) return parseEnvFile(await readFileOf("--env-file", envFile));
  return parseSecretsJson(await readStandardInput());
}
