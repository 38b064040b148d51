/**
 * Makes the writes of all deliveries that are ready at the same moment in one go, so that they
 * become durable by one commit. A commit costs more than everything else the ledger does.
 *
 * A delivery goes on after its write was made, and the platform holds what leaves the object until
 * the write is durable (the output gate).
 */
export class WriteQueue {
  readonly #isAlone: () => boolean;
  readonly #defer: (run: () => void) => void;
  #waiting: { readonly write: () => void; readonly settle: PromiseWithResolvers<void> }[] = [];

  /**
   * @param isAlone whether only one delivery is in flight: no other could share its commit
   * @param defer runs a function after everything that is ready now; default `setTimeout`
   */
  constructor(
    isAlone: () => boolean,
    defer: (run: () => void) => void = (run) => void setTimeout(run, 0),
  ) {
    this.#isAlone = isAlone;
    this.#defer = defer;
  }

  /** Makes a write with the next batch, or at once if only one delivery is in flight. */
  async add(write: () => void): Promise<void> {
    if (this.#isAlone()) return write();
    const settle = Promise.withResolvers<void>();
    this.#waiting.push({ write, settle });
    if (this.#waiting.length === 1) this.#defer(() => this.#flush());
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
