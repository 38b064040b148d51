import type { DeliveryOutcome } from "./delivery-outcome.ts";
import type { PendingDecision } from "./operator-view.ts";
import type { Delivery } from "./states.ts";
import type { LedgerStore } from "./store/ledger-store.ts";

interface Ended {
  readonly delivery: Delivery;
  readonly other: Delivery | null;
  /** The secret that the ledger manages under the name. */
  readonly managed: string | null;
  readonly outcome: DeliveryOutcome | undefined;
}

/**
 * Keeps the list of what waits for the operator: adds what only a person can decide, and removes
 * what has been settled.
 *
 * @returns the write to make; `undefined` if there is nothing to write
 */
export function noteDecisions(
  store: LedgerStore,
  { delivery, other, managed, outcome }: Ended,
  now: number,
): (() => void) | undefined {
  const { name, senderId } = delivery;
  const decisions: PendingDecision[] = [];
  for (const open of [delivery, other]) {
    if (open?.state !== "unknown" || !open.evidence?.undecidable) continue;
    const { senderId, id } = open;
    decisions.push({ kind: "outcome_unknown", senderId, deliveryId: id, name, since: now });
  }
  if (
    outcome?.kind === "rejected" &&
    (outcome.code === "name_ambiguous" || outcome.code === "name_not_managed")
  ) {
    decisions.push({ kind: outcome.code, senderId, name, since: now });
  }
  const isManaged = outcome?.kind === "stored" && !outcome.replayed && managed !== null;
  const isSettled = isManaged && store.operator.hasDecision(name);
  if (decisions.length === 0 && !isSettled) return undefined;
  return () => {
    if (isSettled) store.operator.removeDecision(name);
    for (const decision of decisions) store.operator.addDecision(decision);
  };
}
