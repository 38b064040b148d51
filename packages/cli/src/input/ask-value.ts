import { PassThrough } from "node:stream";
import { isCancel, password } from "@clack/prompts";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { printable } from "../output/printable.ts";

/** Longer than the pause between two pieces of a paste, also over a network. */
const QUIET_MS = 250;

/** Ctrl-D, as a terminal in raw mode sends it. */
const END_OF_INPUT = "\u0004";

/**
 * Asks for a value on the terminal and shows nothing of it, not even its length. The prompt ends at
 * the first line break, so a paste of several lines is rejected, not truncated.
 *
 * @throws {CommandFailure} after Ctrl-C or Ctrl-D, or if several lines are pasted
 */
export async function askValue(name: string): Promise<string> {
  const { stdin, stderr } = process;
  const ended = new AbortController();
  let typed = "";
  const record = (chunk: Buffer | string) => {
    typed += String(chunk);
    // The prompt would never end: it waits for a line of an input that is closed.
    if (typed.includes(END_OF_INPUT)) ended.abort();
  };
  // Raw mode lasts until the rest of a paste is discarded. The prompt would end it before, and the
  // terminal would show what arrives in between.
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  stdin.setRawMode(true).on("data", record).pipe(input);
  const value = await password({
    input,
    message: `Value of ${printable(name)} (one line; it is not shown)`,
    mask: "",
    output: stderr,
    signal: ended.signal,
    validate: (text) => (text ? undefined : "must not be empty"),
  });
  stdin.unpipe(input).resume();
  await discardRest();
  stdin.setRawMode(false).off("data", record).pause();
  if (isCancel(value)) {
    throw new CommandFailure("interrupted", EXIT.interrupted, "Interrupted: nothing was stored.");
  }
  // The prompt rejects line breaks before the value; after it there is one, at the end.
  if (!/[\r\n]+[^\r\n]/.test(typed.trimStart())) return value;
  const message = "More than one line was entered; nothing was stored. Use --from-file instead";
  throw new CommandFailure("invalid_input", EXIT.invalid, message);
}

/** The rest of a paste would otherwise be the shell's next command. */
async function discardRest(): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, QUIET_MS);
    process.stdin.on("data", () => timer.refresh());
  });
}
