import { CommandFailure } from "./command-failure.ts";
import { EXIT } from "./exit-codes.ts";

/** How long deliveries in flight may still take after a signal, so that most outcomes are known. */
const GRACE_MS = 3_000;

const EXIT_CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** Turns Ctrl-C and SIGTERM into an orderly end: one for the whole process. */
export interface Interruption {
  /** Aborts at the first signal: nothing new is started. */
  readonly stopping: AbortSignal;
  /** Aborts 3 s later, or at the second signal: what is in flight is aborted. */
  readonly ending: AbortSignal;
  /** Rejects at the first signal, unless a command attends to it. */
  readonly unattended: Promise<never>;
  exitCode(): (typeof EXIT_CODES)[keyof typeof EXIT_CODES] | undefined;
  /** From now on the command itself ends in order. `onStop` is called at the first signal. */
  attend(onStop: () => void): void;
  /**
   * Ends the process by the signal, if it came before a command attended to it: `process.exit` would
   * wait for a read that blocks, as of a named pipe. To a shell it is the same exit code.
   */
  raiseUnattended(): void;
}

/** Starts to listen. */
export function listenForInterruption(): Interruption {
  const stop = new AbortController();
  const end = new AbortController();
  let received: keyof typeof EXIT_CODES | undefined;
  let attendant: (() => void) | undefined;

  const unattended = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (stop.signal.aborted) return end.abort();
        received = signal;
        stop.abort();
        setTimeout(() => end.abort(), GRACE_MS).unref();
        if (attendant !== undefined) return attendant();
        const message = "Interrupted: nothing was stored.";
        reject(new CommandFailure("interrupted", EXIT_CODES[signal], message));
      });
    }
  });
  unattended.catch(() => {});
  return {
    stopping: stop.signal,
    ending: end.signal,
    unattended,
    exitCode: () => received && EXIT_CODES[received],
    attend(onStop) {
      attendant = onStop;
    },
    raiseUnattended() {
      if (received === undefined || attendant !== undefined) return;
      process.removeAllListeners(received);
      process.kill(process.pid, received);
    },
  };
}
