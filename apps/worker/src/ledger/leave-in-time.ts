import type { Clock } from "./clock.ts";

/**
 * Finds out when a request leaves. The platform holds it until the journal entry is durable, which
 * can take long on a stalled disk, and the settle time counts from when the request left.
 *
 * @param latest the last moment at which it may leave, which the journal entry relies on
 */
export function leaveInTime(clock: Clock, durable: () => Promise<void>, latest: number) {
  let left: number | undefined;
  return {
    async beforeLeaving(): Promise<void> {
      await durable();
      const now = clock.now();
      if (now > latest) throw new Error("The request must not leave any more");
      left = now;
    },
    /** When the request left; `undefined` if it did not. */
    leftAt: () => left,
  };
}
