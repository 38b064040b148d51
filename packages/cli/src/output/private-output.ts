import { fstatSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";

const STDOUT = 1;

/**
 * Refuses to print a credential where others can read it: `command > file` makes a file that every
 * user can read, unless the umask says otherwise.
 *
 * @throws {CommandFailure}
 */
export function requirePrivateStdout(): void {
  // Windows has no such modes.
  if (process.platform === "win32") return;
  const stat = fstatSync(STDOUT);
  if (!stat.isFile() || (stat.mode & 0o077) === 0) return;
  const message =
    "Refusing to print a credential: standard output is a file that others can read. Use --out FILE, " +
    "or run umask 077 first";
  throw new CommandFailure("usage", EXIT.usage, message);
}

/** Refuses to print a credential to a log. @throws {CommandFailure} */
export function requireTerminalStderr(): void {
  if (process.stderr.isTTY) return;
  const message = "Refusing to print a credential: stderr is not a terminal. Use --json";
  throw new CommandFailure("usage", EXIT.usage, message);
}

/**
 * Replaces a file by one that only its owner can read.
 *
 * @throws {CommandFailure} that names the option, not the file
 */
export async function writePrivateFile(option: string, path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true });
    const message = "The output cannot be written";
    throw new CommandFailure("unwritable_output", EXIT.fault, message, [
      { path: option, rule: "must name a file in a folder that can be written" },
    ]);
  }
}
