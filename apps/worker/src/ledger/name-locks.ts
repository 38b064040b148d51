import type { Clock } from "./clock.ts";

/** Gives the name to the next delivery. */
export type Release = () => void;

/** Lets one delivery of a name write at a time, in the order of arrival. */
export class NameLocks {
  readonly #queues = new Map<string, ((release: Release | undefined) => void)[]>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a delivery holds the name. */
  isHeld(name: string): boolean {
    return this.#queues.has(name);
  }

  /** Takes a name, or waits for it for so many milliseconds; `undefined` if that was too short. */
  acquire(name: string, waitMs: number): Promise<Release | undefined> {
    const queue = this.#queues.get(name);
    if (queue === undefined) {
      this.#queues.set(name, []);
      return Promise.resolve(() => this.#release(name));
    }
    const { promise, resolve } = Promise.withResolvers<Release | undefined>();
    const timer = this.#clock.sleep(waitMs);
    const grant = (release: Release | undefined) => {
      timer.cancel();
      resolve(release);
    };
    queue.push(grant);
    void timer.done.then(() => {
      const index = queue.indexOf(grant);
      if (index < 0) return;
      queue.splice(index, 1);
      grant(undefined);
    });
    return promise;
  }

  #release(name: string): void {
    const next = this.#queues.get(name)?.shift();
    if (next === undefined) this.#queues.delete(name);
    else next(() => this.#release(name));
  }
}
