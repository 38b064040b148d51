import type { Call } from "./call.ts";
import type { Method } from "./fault.ts";

/** How many calls arrived, whatever came of them. */
export interface ReceivedCalls extends Readonly<Record<Method, number>> {
  readonly total: number;
  /** POSTs by the name in their body, as far as it had one. */
  readonly postsByName: Readonly<Record<string, number>>;
}

/** Counts calls as they arrive. */
export class CallLog {
  readonly #byMethod = new Map<string, number>();
  readonly #postsByName = new Map<string, number>();
  #total = 0;

  record({ method, name }: Call): void {
    this.#total += 1;
    increment(this.#byMethod, method);
    if (method === "POST" && name !== undefined) increment(this.#postsByName, name);
  }

  read(): ReceivedCalls {
    return {
      total: this.#total,
      POST: this.#byMethod.get("POST") ?? 0,
      GET: this.#byMethod.get("GET") ?? 0,
      PATCH: this.#byMethod.get("PATCH") ?? 0,
      DELETE: this.#byMethod.get("DELETE") ?? 0,
      postsByName: Object.fromEntries(this.#postsByName),
    };
  }

  clear(): void {
    this.#total = 0;
    this.#byMethod.clear();
    this.#postsByName.clear();
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
