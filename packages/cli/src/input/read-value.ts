import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { askValue } from "./ask-value.ts";
import { readFileOf, readStandardInput } from "./read-text.ts";

/** Where a value comes from; if nothing is named, standard input, or a prompt if that is a terminal. */
export interface ValueSource {
  readonly fromFile?: string;
  readonly fromEnv?: string;
  /** Whether the line break at the end of a file or of standard input belongs to the value. */
  readonly keepNewline?: boolean;
}

/**
 * Reads the value of a secret, from anywhere but the command line. Of a file and of standard input
 * one line break at the end is left out, since `echo` and editors add it.
 *
 * @throws {CommandFailure}
 */
export async function readValue(name: string, source: ValueSource): Promise<string> {
  const { fromFile, fromEnv, keepNewline = false } = source;
  if (fromEnv !== undefined) return readVariable(fromEnv);
  if (fromFile === undefined && process.stdin.isTTY) return askValue(name);
  const text =
    fromFile === undefined ? await readStandardInput() : await readFileOf("--from-file", fromFile);
  return keepNewline ? text : text.replace(/\r?\n$/, "");
}

function readVariable(variable: string): string {
  const value = process.env[variable];
  if (value !== undefined) return value;
  throw new CommandFailure("unreadable_input", EXIT.invalid, "The input cannot be read", [
    { path: "--from-env", rule: "must name a variable that is set" },
  ]);
}
