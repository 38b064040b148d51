import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { decodeText } from "./decode-text.ts";

/** Larger than all secrets of a workspace: a larger input is the wrong file. */
const MAX_INPUT_BYTES = 16 * 1024 * 1024;

/** A pipe whose writer never ends looks like a command that hangs. */
const NOTICE_MS = 2_000;

/**
 * Reads standard input to its end, unless it is a terminal, where secrets would be visible.
 *
 * @throws {CommandFailure}
 */
export async function readStandardInput(): Promise<string> {
  if (!process.stdin.isTTY) return readText(process.stdin, "standard input");
  const message = "Standard input is a terminal: pipe the input in, or name a file; see --help";
  throw new CommandFailure("usage", EXIT.usage, message);
}

/** Reads a file. @throws {CommandFailure} that names the argument or option, not the file */
export function readFileOf(argument: string, path: string): Promise<string> {
  return readText(createReadStream(path), argument);
}

async function readText(stream: Readable, source: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const notice = setTimeout(() => {
    process.stderr.write(`Waiting for the end of ${source}. Press Ctrl-C to stop.\n`);
  }, NOTICE_MS);
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > MAX_INPUT_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw reject(source, "cannot be read");
  } finally {
    clearTimeout(notice);
  }
  if (size > MAX_INPUT_BYTES) throw reject(source, "must not be larger than 16 MiB");
  const { text, rule } = decodeText(Buffer.concat(chunks));
  if (rule !== undefined) throw reject(source, rule);
  return text;
}

function reject(path: string, rule: string): CommandFailure {
  const message = "The input cannot be read";
  return new CommandFailure("unreadable_input", EXIT.invalid, message, [{ path, rule }]);
}
