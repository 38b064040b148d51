import { type Call, parseBody, readField } from "./call.ts";

interface Write {
  readonly target: string;
  readonly value: unknown;
}

/**
 * Counts writes that arrive while an earlier write of the same name can still be applied.
 *
 * A repeated PATCH of the same secret with the same value does not count, because its order makes no
 * difference.
 */
export class OverlapCounter {
  readonly #inFlight = new Map<string, Set<Write>>();
  #overlaps = new Map<string, number>();

  /**
   * Records that a call arrived.
   *
   * @returns a function to call once, when the call has been applied or never will be
   */
  start({ method, body, name, request }: Call): () => void {
    if (name === undefined || (method !== "POST" && method !== "PATCH")) return () => {};
    const isCreate = method === "POST";
    // Each create is a target of its own, so that a repeated one counts.
    const target = isCreate ? crypto.randomUUID() : new URL(request.url).pathname;
    const write: Write = { target, value: readField(parseBody(body), "value") };
    const writes = this.#inFlight.get(name) ?? new Set();
    const overlaps = [...writes].some(
      (other) => other.target !== write.target || other.value !== write.value,
    );
    if (overlaps) this.#overlaps.set(name, (this.#overlaps.get(name) ?? 0) + 1);
    this.#inFlight.set(name, writes.add(write));
    return () => {
      writes.delete(write);
      if (writes.size === 0 && this.#inFlight.get(name) === writes) this.#inFlight.delete(name);
    };
  }

  /** How many writes overlapped, by name; names without an overlap are missing. */
  read(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#overlaps);
  }

  clear(): void {
    this.#inFlight.clear();
    this.#overlaps = new Map();
  }
}
