/**
 * Waits for something no longer than it may take.
 *
 * @throws what `late` makes, if the time is up first; what is waited for goes on, unheard
 */
export async function withTimeLimit<Result>(
  waitedFor: Promise<Result>,
  limitMs: number,
  late: () => Error,
): Promise<Result> {
  const timeUp = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeUp.reject(late()), limitMs);
  try {
    return await Promise.race([waitedFor, timeUp.promise]);
  } finally {
    clearTimeout(timer);
  }
}
