import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";

/** More than every secret a workspace has; what is larger is the wrong file. */
const MAX_INPUT_BYTES = 16 * 1024 * 1024;

/**
 * Reads all of standard input, unless it is a terminal: nobody is to type secrets where they show.
 *
 * @throws {CommandFailure}
 */
export async function readStandardInput(): Promise<string> {
  if (!process.stdin.isTTY) return readText(process.stdin, "standard input");
  const message = "There is no input: pipe it in, or name a file; see --help";
  throw new CommandFailure("usage", EXIT.usage, message);
}

/** Reads the file that an option names. @throws {CommandFailure} that names the option */
export function readFileOf(option: string, path: string): Promise<string> {
  return readText(createReadStream(path), option);
}

/** A byte order mark stays: it may be a value's own. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function readText(stream: Readable, source: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > MAX_INPUT_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw refuse(source, "cannot be read");
  }
  if (size > MAX_INPUT_BYTES) throw refuse(source, "must not be larger than 16 MiB");
  try {
    return utf8.decode(Buffer.concat(chunks));
  } catch {
    throw refuse(source, "must be UTF-8; encode a binary value as text first");
  }
}

function refuse(path: string, rule: string): CommandFailure {
  return new CommandFailure("unreadable_input", EXIT.invalid, "The input cannot be read", [
    { path, rule },
  ]);
}
