import { startInTerminal, type TerminalRun } from "@convai-secrets/testing/terminal";
import { COMMAND, type RunOptions } from "./run-command.ts";

/** Starts the command in a pseudo-terminal. */
export function runInTerminal(args: readonly string[], { env }: RunOptions = {}): TerminalRun {
  return start(process.execPath, [COMMAND, ...args], env);
}

/** Starts a line of bash in a pseudo-terminal, with the command as `$CMD`. */
export function runShellInTerminal(line: string, { env }: RunOptions = {}): TerminalRun {
  return start("bash", ["-c", line], { CMD: `${process.execPath} ${COMMAND}`, ...env });
}

function start(file: string, args: readonly string[], env: RunOptions["env"]): TerminalRun {
  const defaults = { PATH: process.env["PATH"], HOME: "/nonexistent", TERM: "xterm-256color" };
  return startInTerminal(file, args, { env: { ...defaults, ...env } });
}
