import type { Call } from "./call.ts";
import type { Fault } from "./fault.ts";

interface Pending {
  readonly fault: Fault;
  timesLeft: number;
}

/** The faults still to come, first in, first met. */
export class FaultQueue {
  #pending: Pending[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, timesLeft: fault.times ?? 1 });
  }

  /** The first fault that meets the call, used up by one; undefined if none does. */
  take(call: Call): Fault | undefined {
    const found = this.#pending.find(({ fault }) => meets(fault, call));
    if (found === undefined) return undefined;
    found.timesLeft -= 1;
    if (found.timesLeft < 1) this.#pending = this.#pending.filter((pending) => pending !== found);
    return found.fault;
  }

  clear(): void {
    this.#pending = [];
  }
}

function meets(fault: Fault, call: Call): boolean {
  if (call.method !== (fault.method ?? "POST")) return false;
  if (fault.name === undefined) return true;
  if (call.name === undefined) return false;
  return fault.name.endsWith("*")
    ? call.name.startsWith(fault.name.slice(0, -1))
    : call.name === fault.name;
}
