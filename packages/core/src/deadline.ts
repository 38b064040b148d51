/** A time limit that can be called off, joined with the caller's own signal. */
export interface Deadline {
  /** Aborts when the time is up or the caller aborts. */
  readonly signal: AbortSignal;
  hasPassed(): boolean;
  /** Settles as `work` does, which takes no signal, or rejects when {@link signal} aborts. */
  race<Result>(work: Result | Promise<Result>): Promise<Result>;
  /** Calls it off. Must be called: a runtime holds a limited number of timers at a time. */
  clear(): void;
}

/**
 * Starts a time limit. `AbortSignal.timeout` cannot be called off, and a busy Worker that makes
 * more calls within a limit than it may have timers is refused the next one.
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
