/**
 * Makes the writes of all deliveries that are ready at the same moment in one go, so that they
 * become durable by one commit: a commit costs more than everything else the ledger does.
 *
 * Nothing durable is given up: whoever waits for a write goes on after it was made, and the
 * platform holds what leaves the object back until it is durable (the output gate).
 */
export class WriteQueue {
  readonly #isAlone: () => boolean;
  #waiting: { readonly write: () => void; readonly settle: PromiseWithResolvers<void> }[] = [];

  /** @param isAlone whether there is but one delivery, with which no other could share a commit */
  constructor(isAlone: () => boolean) {
    this.#isAlone = isAlone;
  }

  /** Makes a write with the next batch, or at once if nobody would share it. */
  async add(write: () => void): Promise<void> {
    if (this.#isAlone()) return write();
    const settle = Promise.withResolvers<void>();
    this.#waiting.push({ write, settle });
    if (this.#waiting.length === 1) setTimeout(() => this.#flush(), 0);
    return settle.promise;
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    for (const { write, settle } of batch) {
      try {
        write();
        settle.resolve();
      } catch (error) {
        settle.reject(error);
      }
    }
  }
}
