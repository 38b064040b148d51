import type { SenderCredential } from "@convai-secrets/client";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { createIdTokenSource } from "./id-token-source.ts";
import { parseSettings, readEnvironment, type Settings } from "./settings.ts";
import { defaultSettingsPath, readSettingsFile } from "./settings-file.ts";

/** The Worker's address, and the sender's credential. */
export type Connection = SenderCredential & { readonly url: string };

/** A connection, and where it comes from, to be shown. */
export interface ConfiguredConnection {
  readonly connection: Connection;
  readonly source: string;
}

/**
 * Reads the connection from one place, so that the credential of one place never goes to the address
 * of another: the file of `--settings`, otherwise the environment, otherwise the default file.
 *
 * @throws {CommandFailure} that names the fields and their rules
 */
export async function readConnection(
  settingsPath: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ConfiguredConnection> {
  const { settings, source } = await readSettings(settingsPath, env);
  const { url, signingSecret, token } = settings;
  if (signingSecret !== undefined) return { connection: { url, signingSecret }, source };
  if (token !== undefined) return { connection: { url, token }, source };
  return { connection: { url, idToken: await createIdTokenSource(settings) }, source };
}

async function readSettings(
  settingsPath: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly settings: Settings; readonly source: string }> {
  if (settingsPath !== undefined) {
    const input = await readSettingsFile(settingsPath, "--settings");
    return { settings: parseSettings(input, "--settings"), source: "the file of --settings" };
  }
  const environment = readEnvironment(env);
  if (environment !== undefined) return { settings: environment, source: "the environment" };
  const path = defaultSettingsPath(env);
  const input = await readSettingsFile(path, path, "optional");
  if (input !== undefined) return { settings: parseSettings(input, path), source: path };
  throw new CommandFailure("configuration", EXIT.usage, "No Worker is configured", [
    { path: "CONVAI_SECRETS_URL", rule: `must be set, or ${path} must exist; see --help` },
  ]);
}
