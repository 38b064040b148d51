/** The signals that ask for a clean end: Ctrl-C, `kill`, a closed terminal. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a program that may be asked to stop, and sets the process's exit code: what `main` gives, or
 * 1 with the error's message.
 *
 * The handlers stay: Ctrl-C reaches a script twice, from the terminal and from npm, and the second
 * must not end the process in the middle of its clean end.
 *
 * @param main its signal aborts with the first signal's name as the reason
 */
export function runProgram(main: (signal: AbortSignal) => Promise<number>): void {
  const controller = new AbortController();
  for (const name of STOP_SIGNALS) process.on(name, () => controller.abort(name));
  // The reader has closed the pipe, as in `npm run demo | head -1`.
  process.stdout.on("error", () => controller.abort("SIGPIPE"));
  main(controller.signal)
    .then((exitCode) => {
      process.exitCode = exitCode;
    })
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
}
