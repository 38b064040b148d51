/**
 * As many requests at a time as a busy machine answers well within a listing's time limit: where the
 * listing before a call is late, the Worker rightly says of an unknown outcome that nobody can tell.
 */
const DEFAULT_COUNT = 16;

/** Lets no more than so many pieces of work run at a time, first come, first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count = DEFAULT_COUNT) {
    this.#free = count;
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
