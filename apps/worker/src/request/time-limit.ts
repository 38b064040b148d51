/**
 * Waits for a promise, but not longer than the limit.
 *
 * @param limitMs the limit in milliseconds
 * @throws what `makeError` returns, if the limit is reached first. The promise keeps running, and its
 * outcome is ignored.
 */
export async function withTimeLimit<Result>(
  waitedFor: Promise<Result>,
  limitMs: number,
  makeError: () => Error,
): Promise<Result> {
  const timeUp = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeUp.reject(makeError()), limitMs);
  try {
    return await Promise.race([waitedFor, timeUp.promise]);
  } finally {
    clearTimeout(timer);
  }
}
