import type { Call } from "./call.ts";
import type { Method } from "./fault.ts";
import { OverlapCounter } from "./overlap-counter.ts";

/** How many calls arrived, whether or not they were applied. */
export interface ReceivedCalls extends Readonly<Record<Method, number>> {
  readonly total: number;
  /** POSTs by the name in their body, if it has one. */
  readonly postsByName: Readonly<Record<string, number>>;
  /** PATCHes by the name in their body, if it has one. */
  readonly patchesByName: Readonly<Record<string, number>>;
  /**
   * Writes, by name, that arrived while an earlier write of the name could still be applied. Names
   * without one are missing. A repeated PATCH of the same secret with the same value does not count.
   */
  readonly overlapsByName: Readonly<Record<string, number>>;
}

/** Counts calls when they arrive. */
export class CallLog {
  readonly #byMethod = new Map<string, number>();
  readonly #byName = { POST: new Map<string, number>(), PATCH: new Map<string, number>() };
  readonly #overlaps = new OverlapCounter();
  #total = 0;

  /**
   * Records a call.
   *
   * @returns a function to call once, when the call has been applied or never will be
   */
  record(call: Call): () => void {
    const { method, name } = call;
    this.#total += 1;
    increment(this.#byMethod, method);
    if (name !== undefined && (method === "POST" || method === "PATCH")) {
      increment(this.#byName[method], name);
    }
    return this.#overlaps.start(call);
  }

  read(): ReceivedCalls {
    return {
      total: this.#total,
      POST: this.#byMethod.get("POST") ?? 0,
      GET: this.#byMethod.get("GET") ?? 0,
      PATCH: this.#byMethod.get("PATCH") ?? 0,
      DELETE: this.#byMethod.get("DELETE") ?? 0,
      postsByName: Object.fromEntries(this.#byName.POST),
      patchesByName: Object.fromEntries(this.#byName.PATCH),
      overlapsByName: this.#overlaps.read(),
    };
  }

  clear(): void {
    this.#total = 0;
    this.#byMethod.clear();
    this.#byName.POST.clear();
    this.#byName.PATCH.clear();
    this.#overlaps.clear();
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
