/** Time as the ledger uses it. The simulator passes in its own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds; `cancel` releases the timer. */
  sleep(ms: number): { readonly done: Promise<void>; readonly cancel: () => void };
}

/** The real time. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep(ms) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    return { done: promise, cancel: () => clearTimeout(timer) };
  },
};
