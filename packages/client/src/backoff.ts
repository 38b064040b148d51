const BASE_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** A longer wait is the caller's decision: a program should not seem to hang for an hour. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * How long to wait after a failed attempt: exponential backoff with full jitter, from 1 s doubling
 * to 30 s, added to the wait that the server asks for. The jitter spreads senders that got the same
 * `retry-after`.
 *
 * @param attempt the number of the attempt that failed, from 1
 * @param random from 0 to below 1
 * @returns milliseconds, or `undefined` if the server asks for more than 5 minutes
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function chooseDelay(
  attempt: number,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  if (retryAfterMs !== undefined && retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempt - 1));
  return (retryAfterMs ?? 0) + Math.floor(random * ceiling);
}
