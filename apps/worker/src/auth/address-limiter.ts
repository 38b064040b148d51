/** Failures of one address within {@link FAILURE_WINDOW_MS} after which it has to wait. */
export const MAX_FAILURES = 20;

/** How long failures count, from the first one, in milliseconds. */
export const FAILURE_WINDOW_MS = 60_000;

/** The most addresses that are remembered: about 1 MB of memory. */
export const MAX_ADDRESSES = 4_096;

interface Failures {
  readonly endsAt: number;
  count: number;
}

/**
 * Counts failed authentication per client address, in the memory of one isolate.
 *
 * It protects the Worker's time: a forged signature costs an HMAC of the body per signing secret. It
 * is no defence against guessing, which 256-bit credentials do not need. Memory is bounded: the
 * address that was seen least recently is forgotten first.
 */
export class AddressLimiter {
  readonly #failures = new Map<string, Failures>();

  /**
   * How long an address has to wait, in milliseconds; 0 if it may try.
   *
   * @param now the time in milliseconds since the epoch
   */
  getWaitMs(address: string, now: number): number {
    const failures = this.#get(address, now);
    return failures === undefined || failures.count < MAX_FAILURES ? 0 : failures.endsAt - now;
  }

  /** Counts a failure. Failures while an address waits do not extend its wait. */
  recordFailure(address: string, now: number): void {
    const failures = this.#get(address, now) ?? { endsAt: now + FAILURE_WINDOW_MS, count: 0 };
    failures.count += 1;
    // A Map keeps the order of insertion: the first one is the least recent.
    this.#failures.delete(address);
    this.#failures.set(address, failures);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }

  #get(address: string, now: number): Failures | undefined {
    const failures = this.#failures.get(address);
    if (failures === undefined || now < failures.endsAt) return failures;
    this.#failures.delete(address);
    return undefined;
  }
}
