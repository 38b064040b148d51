import type { IPty } from "@lydell/node-pty";

// The package has binaries for the usual platforms.
const pty = await import("@lydell/node-pty").catch(() => undefined);

/** Whether this platform has pseudo-terminals for tests. */
export const HAS_TERMINALS = pty !== undefined;

/** How to run a program in a pseudo-terminal. */
export interface TerminalOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default 100. */
  readonly columns?: number;
}

/** A program in a pseudo-terminal. */
export interface TerminalRun {
  readonly terminal: IPty;
  /** The output so far: standard output and standard error together. */
  output(): string;
  /**
   * Waits until the output contains a text.
   *
   * @param from where to begin to search. Default 0
   * @returns the position after the text
   * @throws {Error} if the program ends without it
   */
  until(text: string | RegExp, from?: number): Promise<number>;
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** Starts a program in a pseudo-terminal. */
export function startInTerminal(
  file: string,
  args: readonly string[],
  { env, columns = 100 }: TerminalOptions,
): TerminalRun {
  if (pty === undefined) throw new Error("There are no pseudo-terminals on this platform");
  const terminal = pty.spawn(file, [...args], { cols: columns, rows: 40, env: { ...env } });
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
    until: (text, from = 0) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const position = findEnd(output, text, from);
          if (position !== undefined) resolve(position);
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

/** The position after the first occurrence of a text. */
function findEnd(output: string, text: string | RegExp, from: number): number | undefined {
  const rest = output.slice(from);
  const found = typeof text === "string" ? text : text.exec(rest)?.[0];
  if (found === undefined || !rest.includes(found)) return undefined;
  return from + rest.indexOf(found) + found.length;
}
