/** A time limit that can be cancelled, combined with the caller's own signal. */
export interface Deadline {
  /** Aborts when the time is up or the caller aborts. */
  readonly signal: AbortSignal;
  /** Whether the time is up; `false` after an abort by the caller. */
  hasPassed(): boolean;
  /** Settles as `work` does, or rejects when {@link signal} aborts. For work that takes no signal. */
  race<Result>(work: Result | Promise<Result>): Promise<Result>;
  /** Cancels it. Must be called, because a runtime limits the number of active timers. */
  clear(): void;
}

/** The longest time limit in milliseconds: `setTimeout` runs a longer delay at once. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Starts a time limit. `AbortSignal.timeout` cannot be cancelled, so a busy Worker would reach the
 * platform's limit of active timers.
 */
export function startDeadline(timeoutMs: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let hasPassed = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    hasPassed = !controller.signal.aborted;
    abort();
  }, timeoutMs);
  if (caller?.aborted) abort();
  caller?.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    hasPassed: () => hasPassed,
    race: (work) => Promise.race([work, rejectOnAbort(controller.signal)]),
    clear() {
      clearTimeout(timer);
      caller?.removeEventListener("abort", abort);
    },
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", reject, { once: true });
  });
}
