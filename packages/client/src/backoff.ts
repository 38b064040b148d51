const BASE_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** A longer wait is the caller's to arrange: a program should not seem to hang for an hour. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * How long to wait after a failed attempt: exponential backoff with full jitter, 1 s doubling up to
 * 30 s, on top of what the server asked for, so that many senders told the same do not come at once.
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
