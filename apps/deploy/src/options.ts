import { parseArgs } from "node:util";
import { DeployError } from "./deploy-error.ts";

export const USAGE = `Usage: npm run deploy -- [options]

Deploys the Worker. Asks for the secrets that are not set. Safe to repeat.

  --env NAME              deploys this environment of wrangler.jsonc. If it does not exist, it is
                          added. Default: production
  --host URL              the ElevenLabs host of a new environment
  --jurisdiction eu|fedramp
                          where Cloudflare keeps the ledger of a new environment
  --replace NAME          asks for a secret that is already set; repeatable
  --secrets-from-stdin    reads secrets from standard input as a JSON object
  --check                 deploys nothing: checks the deployed Worker and the API key
  --url URL               the Worker's address for --check. Default: that of the last deployment
  --config FILE           default: apps/worker/wrangler.jsonc
  --help`;

/** What the command line asks for. */
export interface Options {
  readonly check: boolean;
  readonly config: string | undefined;
  readonly environment: string;
  readonly help: boolean;
  readonly host: string | undefined;
  readonly jurisdiction: string | undefined;
  readonly replace: readonly string[];
  readonly secretsFromStdin: boolean;
  readonly url: string | undefined;
}

const CONFIG = {
  check: { type: "boolean" },
  config: { type: "string" },
  env: { type: "string" },
  help: { type: "boolean" },
  host: { type: "string" },
  jurisdiction: { type: "string" },
  replace: { type: "string", multiple: true },
  "secrets-from-stdin": { type: "boolean" },
  url: { type: "string" },
} as const;

/** A name that an option can have. A pasted credential is not of this form. */
const OPTION_NAME = /^--[a-z]+(?:-[a-z]+){0,3}$/;

/** The longest part of a name that is shown: a credential without digits is longer. */
const MAX_SHOWN_LENGTH = 24;

/**
 * Reads the command line. Values are never shown in an error, because a secret can be pasted in the
 * wrong place.
 *
 * @throws {DeployError} if an option is unknown, lacks its value, or has one it does not take
 */
export function readOptions(args: readonly string[]): Options {
  const { tokens } = parseArgs({ args: [...args], options: CONFIG, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option") throw usageError(`Argument ${token.index + 1} is not an option.`);
    const option = Object.entries(CONFIG).find(([name]) => name === token.name)?.[1];
    if (option === undefined) throw usageError(describeUnknown(token.rawName, token.index));
    // A value that starts with a dash is the next option, for which the user forgot the value.
    const isMissing = token.value === undefined || /^-|^$/.test(token.value);
    if (option.type === "string" && isMissing) throw usageError(`--${token.name} needs a value.`);
    if (option.type === "boolean" && token.value !== undefined)
      throw usageError(`--${token.name} takes no value.`);
  }
  const { values } = parseArgs({ args: [...args], options: CONFIG });
  return {
    check: values.check ?? false,
    config: values.config,
    environment: values.env ?? "",
    help: values.help ?? false,
    host: values.host,
    jurisdiction: values.jurisdiction,
    replace: values.replace ?? [],
    secretsFromStdin: values["secrets-from-stdin"] ?? false,
    url: values.url,
  };
}

function describeUnknown(name: string, index: number): string {
  return OPTION_NAME.test(name) && name.length <= MAX_SHOWN_LENGTH
    ? `${name} is not an option.`
    : `Argument ${index + 1} is not an option.`;
}

function usageError(message: string): DeployError {
  return new DeployError(`${message}\n\n${USAGE}`);
}
