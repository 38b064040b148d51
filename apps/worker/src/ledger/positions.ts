import { POSITIONS_PER_MS } from "./states.ts";

/** Gives each delivery its place in the order of all: unique, and later than those before. */
export class Positions {
  #last: number;

  /** @param last the newest place that was given before */
  constructor(last: number) {
    this.#last = last;
  }

  next(now: number): number {
    this.#last = Math.max(this.#last + 1, now * POSITIONS_PER_MS);
    return this.#last;
  }

  /** The newest place. */
  get last(): number {
    return this.#last;
  }
}
