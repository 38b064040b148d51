import { open } from "node:fs/promises";
import type { SenderCredential } from "@convai-secrets/client";
import { BaseUrlSchema, describeIssues } from "@convai-secrets/core";
import { decodeSigningSecret, TOKEN_PATTERN } from "@convai-secrets/protocol";
import * as v from "valibot";
import { CommandFailure } from "./command-failure.ts";
import { EXIT } from "./exit-codes.ts";

/** The Worker's address, and who calls it. */
export type Connection = SenderCredential & { readonly url: string };

const KEY_RULE = "must be a signing secret (whsec_ and base64) or a token (cs_ and 43 characters)";

const KeySchema = v.pipe(
  v.string("must be a string"),
  v.check((key) => readCredential(key) !== undefined, KEY_RULE),
  v.transform((key) => readCredential(key) as SenderCredential),
);

const ConnectionSchema = v.strictObject(
  { url: BaseUrlSchema, key: KeySchema },
  ({ path, expected }) => (path === undefined ? "must be a JSON object" : rule(expected)),
);

function rule(expected: string | null): string {
  return expected === "never" ? "is not a known field" : "is required";
}

/** The kinds of credential are told apart by their prefixes. */
function readCredential(key: string): SenderCredential | undefined {
  if (decodeSigningSecret(key) !== undefined) return { senderKey: key };
  return TOKEN_PATTERN.test(key) ? { token: key } : undefined;
}

/**
 * Reads where to send and as whom: from the file if one is named, and then from nothing else, so
 * that the credential of one place never goes to the address of another; otherwise from
 * CONVAI_SECRETS_URL and CONVAI_SECRETS_KEY.
 *
 * @throws {CommandFailure} that names the field and the rule
 */
export async function readConnection(
  configPath: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Connection> {
  if (configPath !== undefined) {
    return parseConnection(await readConfigFile(configPath), (field) => `${field} of --config`);
  }
  const { CONVAI_SECRETS_URL: url, CONVAI_SECRETS_KEY: key } = env;
  return parseConnection(
    { ...(url ? { url } : {}), ...(key ? { key } : {}) },
    (field) => `CONVAI_SECRETS_${field.toUpperCase()}`,
  );
}

function parseConnection(input: unknown, nameField: (field: string) => string): Connection {
  const result = v.safeParse(ConnectionSchema, input);
  if (result.success) return { url: result.output.url, ...result.output.key };
  const issues = describeIssues(result.issues).map(({ path, rule }) => ({
    path: path === "" ? "--config" : nameField(path),
    rule,
  }));
  const message = "The configuration is incomplete or wrong; see convai-secrets --help";
  throw new CommandFailure("configuration", EXIT.usage, message, issues);
}

/** Reads the file that was checked: it is opened once. */
async function readConfigFile(path: string): Promise<unknown> {
  const file = await open(path, "r").catch(() => {
    throw refuse("cannot be read");
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refuse("must be a file");
    // Windows has no such modes.
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0) {
      throw refuse("must not be open to others than its owner: run chmod 600 on it");
    }
    return JSON.parse(await file.readFile("utf8"));
  } catch (error) {
    // A syntax error quotes the text around it.
    throw error instanceof CommandFailure ? error : refuse("must be JSON");
  } finally {
    await file.close();
  }
}

function refuse(rule: string): CommandFailure {
  const message = "The file named by --config cannot be used";
  return new CommandFailure("configuration", EXIT.usage, message, [{ path: "--config", rule }]);
}
