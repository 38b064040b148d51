import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { askValue } from "./ask-value.ts";
import { decodeText, removeFinalLineBreak } from "./decode-text.ts";
import { readFileOf, readStandardInput } from "./read-text.ts";

/** Where a value comes from. Default: standard input, or a prompt if that is a terminal. */
export interface ValueSource {
  readonly fromFile?: string;
  readonly fromEnv?: string;
  /** Whether a line break at the end belongs to the value. */
  readonly keepNewline?: boolean;
}

/**
 * Reads the value of a secret from anywhere but the command line. One line break at the end is
 * removed, whatever the source.
 *
 * @throws {CommandFailure}
 */
export async function readValue(name: string, source: ValueSource): Promise<string> {
  const { keepNewline = false } = source;
  const text = await readSource(name, source);
  return keepNewline ? text : removeFinalLineBreak(text);
}

function readSource(name: string, { fromFile, fromEnv }: ValueSource): Promise<string> | string {
  if (fromEnv !== undefined) return readVariable(fromEnv);
  if (fromFile !== undefined) return readFileOf("--from-file", fromFile);
  return process.stdin.isTTY ? askValue(name) : readStandardInput();
}

function readVariable(variable: string): string {
  const value = process.env[variable];
  const { text, rule } =
    value === undefined
      ? { rule: "must name a variable that is set" }
      : decodeText(Buffer.from(value));
  if (text !== undefined) return text;
  throw new CommandFailure("unreadable_input", EXIT.invalid, "The input cannot be read", [
    { path: "--from-env", rule: rule ?? "" },
  ]);
}
