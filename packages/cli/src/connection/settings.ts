import { BaseUrlSchema } from "@convai-secrets/core";
import { describeIssues, type Issue } from "@convai-secrets/core/internal";
import { SigningSecretSchema, TokenSchema } from "@convai-secrets/protocol";
import * as v from "valibot";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";

/** The credentials, one of which is required. */
const CREDENTIALS = ["signingSecret", "token", "idToken", "idTokenFile", "gitHubRequest"] as const;

const SettingsSchema = v.strictObject(
  {
    url: BaseUrlSchema,
    signingSecret: v.optional(SigningSecretSchema),
    token: v.optional(TokenSchema),
    /** An OIDC token. */
    idToken: v.optional(v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty"))),
    /** A file that contains an OIDC token, which the platform replaces before it expires. */
    idTokenFile: v.optional(v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty"))),
    /** The audience for which GitHub issues a token. Default: `url`. */
    idTokenAudience: v.optional(v.pipe(v.string("must be a string"), v.url("must be a URL"))),
  },
  ({ path, expected }) => {
    if (path === undefined) return "must be a JSON object";
    return expected === "never" ? "is not a known field" : "is required";
  },
);

/** What the environment can have, and a file cannot. */
const EnvironmentSchema = v.strictObject(
  {
    ...SettingsSchema.entries,
    /** The endpoint at which a GitHub Actions job gets its OIDC token. */
    gitHubRequest: v.optional(v.object({ url: v.string(), token: v.string() })),
  },
  SettingsSchema.message,
);

/** The address and one credential, wherever they come from. */
export type Settings = v.InferOutput<typeof EnvironmentSchema>;

/** The environment variables, by the field that they set. */
export const VARIABLES = {
  url: "CONVAI_SECRETS_URL",
  signingSecret: "CONVAI_SECRETS_SIGNING_SECRET",
  token: "CONVAI_SECRETS_TOKEN",
  idToken: "CONVAI_SECRETS_ID_TOKEN",
  idTokenFile: "CONVAI_SECRETS_ID_TOKEN_FILE",
  idTokenAudience: "CONVAI_SECRETS_ID_TOKEN_AUDIENCE",
} as const;

/**
 * Reads the environment variables. A GitHub Actions job that may request OIDC tokens needs no other
 * credential.
 *
 * @returns `undefined` if no variable is set
 * @throws {CommandFailure}
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Settings | undefined {
  const entries = Object.entries(VARIABLES).flatMap(([field, variable]) =>
    env[variable] ? [[field, env[variable]]] : [],
  );
  if (entries.length === 0) return undefined;
  const input: Record<string, unknown> = Object.fromEntries(entries);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  const hasCredential = CREDENTIALS.some((field) => field in input);
  if (!hasCredential && url && token) input["gitHubRequest"] = { url, token };
  return parseSettings(input, undefined);
}

/**
 * Validates settings.
 *
 * @param file how to call the file that they come from; `undefined` for the environment
 * @throws {CommandFailure} that names the fields and their rules, never a value
 */
export function parseSettings(input: unknown, file: string | undefined): Settings {
  const schema = file === undefined ? EnvironmentSchema : SettingsSchema;
  const result = v.safeParse(schema, input);
  const issues = result.success ? checkCredential(result.output) : describeIssues(result.issues);
  if (result.success && issues.length === 0) return result.output;
  const message = "The configuration is incomplete or wrong; see convai-secrets --help";
  throw new CommandFailure(
    "configuration",
    EXIT.usage,
    message,
    issues.map(({ path, rule }) => ({ path: nameField(path, file), rule })),
  );
}

function checkCredential(settings: Settings): Issue[] {
  const given = CREDENTIALS.filter((field) => settings[field] !== undefined);
  if (given.length === 1) return [];
  const rule =
    given.length === 0
      ? "is required, or another credential; see --help"
      : `must not be set together with another credential`;
  return [{ path: given.at(-1) ?? "signingSecret", rule }];
}

function nameField(path: string, file: string | undefined): string {
  if (file === undefined) return VARIABLES[path as keyof typeof VARIABLES] ?? path;
  return path === "" ? file : `${path} of ${file}`;
}
