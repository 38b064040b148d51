import { isCancel, password } from "@clack/prompts";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { printable } from "../output/printable.ts";

/** Longer than a paste pauses between two pieces, also over a network. */
const QUIET_MS = 250;

/**
 * Asks for a value on the terminal without showing anything of it, not even its length. The prompt
 * ends at the first line break, so a paste of several lines is refused rather than cut off.
 *
 * @throws {CommandFailure} if whoever is asked breaks off, or pastes several lines
 */
export async function askValue(name: string): Promise<string> {
  const { stdin, stderr } = process;
  let typed = "";
  const record = (chunk: Buffer | string) => {
    typed += String(chunk);
  };
  stdin.on("data", record);
  const value = await password({
    message: `Value of ${printable(name)} (one line; it is not shown)`,
    mask: "",
    output: stderr,
    validate: (text) => (text ? undefined : "must not be empty"),
  });
  await discardRest();
  stdin.off("data", record).pause();
  if (isCancel(value)) {
    throw new CommandFailure("interrupted", EXIT.interrupted, "Interrupted: nothing was stored.");
  }
  // Line breaks before the value were refused by the prompt; after it there is one, at the end.
  if (!/[\r\n]+[^\r\n]/.test(typed.trimStart())) return value;
  const message = "More than one line was entered; nothing was stored. Use --from-file for it";
  throw new CommandFailure("invalid_input", EXIT.invalid, message);
}

/** What is left of a paste would otherwise be the shell's next command. */
async function discardRest(): Promise<void> {
  const { stdin } = process;
  stdin.setRawMode(true).resume();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, QUIET_MS);
    stdin.on("data", () => timer.refresh());
  });
  stdin.setRawMode(false);
}
