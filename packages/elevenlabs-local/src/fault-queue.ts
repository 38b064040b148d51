import type { Call } from "./call.ts";
import type { Fault } from "./fault.ts";

interface Pending {
  readonly fault: Fault;
  timesLeft: number;
}

/** The faults that were not applied yet, in the order of injection. */
export class FaultQueue {
  #pending: Pending[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, timesLeft: fault.times ?? 1 });
  }

  /** The first fault that matches the call, with one use less left. */
  take(call: Call): Fault | undefined {
    const found = this.#pending.find(({ fault }) => matches(fault, call));
    if (found === undefined) return undefined;
    found.timesLeft -= 1;
    if (found.timesLeft < 1) this.#pending = this.#pending.filter((pending) => pending !== found);
    return found.fault;
  }

  clear(): void {
    this.#pending = [];
  }
}

function matches(fault: Fault, call: Call): boolean {
  if (call.method !== (fault.method ?? "POST")) return false;
  if (fault.name === undefined) return true;
  if (call.name === undefined) return false;
  return fault.name.endsWith("*")
    ? call.name.startsWith(fault.name.slice(0, -1))
    : call.name === fault.name;
}
