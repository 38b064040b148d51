import { basename } from "node:path";
import { CommandFailure } from "../command-failure.ts";
import type { Dialect } from "../env-file/dialects.ts";
import { parseEnvFile } from "../env-file/parse-env-file.ts";
import { EXIT } from "../exit-codes.ts";
import { readFileOf, readStandardInput } from "../input/read-text.ts";
import type { Found } from "./found-secret.ts";
import { JSON_FORMATS, type JsonFormatName } from "./json-formats.ts";
import { parseJsonSecrets } from "./parse-json-secrets.ts";

/** The values of `--format`. */
export const FORMATS = ["env", ...Object.keys(JSON_FORMATS)] as readonly Format[];

/** One of {@link FORMATS}. */
export type Format = "env" | JsonFormatName;

/** What `push` reads. */
export interface Input {
  /** A file; `-` is standard input. */
  readonly file: string;
  readonly format: Format | undefined;
  readonly dialect: Dialect | undefined;
}

/**
 * Reads an input: its format is that of `--format`, else that of the file's name, else the JSON
 * format that it matches.
 *
 * @throws {CommandFailure}
 */
export async function readInput({ file, format, dialect }: Input): Promise<Found> {
  const jsonFormat = format === "env" ? undefined : format;
  const isEnv = format === "env" || (format === undefined && isEnvFile(file));
  if (dialect !== undefined && !isEnv) {
    const message = "--dialect is for .env files; for other file names add --format env";
    throw new CommandFailure("usage", EXIT.usage, message);
  }
  const source = file === "-" ? "standard input" : "FILE";
  const text = file === "-" ? await readStandardInput() : await readFileOf(source, file);
  if (isEnv) return parseEnvFile(text, dialect);
  return parseJsonSecrets(text, source, jsonFormat);
}

/** `.env`, `.env.production`, `production.env`. */
function isEnvFile(file: string): boolean {
  return /^\.env(?:\..*)?$|\.env$/.test(basename(file)) && !file.endsWith(".json");
}
