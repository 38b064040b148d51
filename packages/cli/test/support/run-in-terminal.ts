import type { IPty } from "@lydell/node-pty";
import { COMMAND, type RunOptions } from "./run-command.ts";

// The package has binaries for the usual platforms.
const pty = await import("@lydell/node-pty").catch(() => undefined);

/** Whether this platform has pseudo-terminals for tests. */
export const HAS_TERMINALS = pty !== undefined;

/** The command in a pseudo-terminal. */
export interface TerminalRun {
  readonly terminal: IPty;
  /** The output so far: standard output and standard error together. */
  output(): string;
  /** Waits until the output contains a text. */
  until(text: string | RegExp): Promise<void>;
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** Starts the command in a pseudo-terminal of 100 columns. */
export function runInTerminal(args: readonly string[], { env }: RunOptions = {}): TerminalRun {
  return startInTerminal(process.execPath, [COMMAND, ...args], { ...(env && { env }) });
}

/** Starts a line of bash in a pseudo-terminal, with the command as `$CMD`. */
export function runShellInTerminal(line: string, { env }: RunOptions = {}): TerminalRun {
  return startInTerminal("bash", ["-c", line], {
    env: { CMD: `${process.execPath} ${COMMAND}`, ...env },
  });
}

function startInTerminal(file: string, args: string[], { env }: RunOptions): TerminalRun {
  if (pty === undefined) throw new Error("There are no pseudo-terminals on this platform");
  const terminal = pty.spawn(file, args, {
    cols: 100,
    rows: 40,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", TERM: "xterm-256color", ...env },
  });
  let output = "";
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  terminal.onData((data) => {
    output += data;
    notify();
  });
  let exitCode: number | undefined;
  const ended = new Promise<number>((resolve) => {
    terminal.onExit((exit) => {
      exitCode = exit.exitCode;
      notify();
      resolve(exit.exitCode);
    });
  });
  return {
    terminal,
    output: () => output,
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (typeof text === "string" ? output.includes(text) : text.test(output)) resolve();
          else if (exitCode !== undefined)
            reject(new Error(`It ended without ${text}:\n${output}`));
          else return;
          listeners.delete(check);
        };
        listeners.add(check);
        check();
      }),
  };
}
