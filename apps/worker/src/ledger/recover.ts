import { loseCall } from "./operations/operation.ts";
import type { Delivery } from "./states.ts";
import type { LedgerStore } from "./store/ledger-store.ts";

/**
 * Records the calls of a process that has ended: a call in the journal whose delivery has no outcome
 * is a call with unknown outcome. Runs before anything else, so that the rules know every call.
 */
export function recoverCalls(store: LedgerStore): void {
  for (const entry of store.journal.readAll()) recoverCall(store, entry);
}

/** Records one call of the journal as lost, unless it has an outcome. */
export function recoverCall(store: LedgerStore, entry: Delivery): void {
  if (hasOutcome(entry, store.deliveries.find(entry))) return;
  const name = store.names.find(entry.name);
  const lost = loseCall({ delivery: entry, name }, entry.evidence?.runningUntil ?? 0);
  store.record([lost.delivery], lost.name);
}

function hasOutcome(entry: Delivery, row: Delivery | undefined): boolean {
  if (row === undefined) return false;
  if (row.position !== entry.position) return row.position > entry.position;
  return row.attempts >= entry.attempts;
}
