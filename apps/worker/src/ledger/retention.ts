import { DAY_MS } from "../configuration/bindings.ts";
import type { DeliveryKey, NameState } from "./states.ts";
import type { LedgerStore } from "./store/ledger-store.ts";

/** Rows read at a time: the object answers deliveries between one batch and the next. */
const BATCH_ROWS = 1_000;

/**
 * How exactly the ledger knows when a delivery was last seen, in milliseconds: a day, or less if
 * deliveries are not kept for long. Until then a redelivery writes nothing.
 */
export function seenGranularity(retentionMs: number): number {
  return Math.min(DAY_MS, retentionMs / 8);
}

/**
 * Removes what has not been seen for the time of retention, in passes over all rows. An index on the
 * time would cost a written row for each delivery; a pass costs a row read each day.
 */
export class Sweep {
  readonly #store: LedgerStore;
  #delivery: DeliveryKey | undefined = { senderId: "", id: "" };
  #name = "";

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /**
   * Reads the next rows.
   *
   * @param position the newest place in the order
   * @returns how many deliveries were removed, and when to go on; `null` if the ledger is empty
   */
  removeExpired(
    { retentionMs, position }: { readonly retentionMs: number; readonly position: number },
    now: number,
  ): { readonly removed: number; readonly next: number | null } {
    const granularity = seenGranularity(retentionMs);
    const before = now - retentionMs - granularity;
    return this.#store.transaction(() => {
      if (this.#delivery !== undefined) {
        // An entry of the journal must not outlive its delivery: it would look like a lost call.
        this.#store.meta.write("position", String(position));
        this.#store.journal.removeFree();
        return { removed: this.#removeDeliveries(this.#delivery, before), next: now };
      }
      const isDone = this.#removeNames(before, now);
      const isEmpty =
        isDone && this.#store.deliveries.scan({ senderId: "", id: "" }, 1).length === 0;
      return { removed: 0, next: isEmpty ? null : isDone ? now + granularity : now };
    });
  }

  #removeDeliveries(after: DeliveryKey, before: number): number {
    const { deliveries, operator } = this.#store;
    const rows = deliveries.scan(after, BATCH_ROWS);
    const expired = rows.filter(({ seenAt }) => seenAt < before);
    for (const row of expired) {
      deliveries.remove(row);
      if (row.evidence?.undecidable) operator.removeDecision(row.name, row);
    }
    this.#delivery = rows.length < BATCH_ROWS ? undefined : rows.at(-1);
    return expired.length;
  }

  #removeNames(before: number, now: number): boolean {
    const { names, deliveries } = this.#store;
    const rows = names.list("", this.#name, BATCH_ROWS);
    for (const row of rows) {
      if (!isForgettable(row, before, now)) continue;
      const isOpen = row.unsettled !== null && deliveries.find(row.unsettled) !== undefined;
      if (!isOpen) names.remove(row.name);
    }
    const isDone = rows.length < BATCH_ROWS;
    this.#name = isDone ? "" : (rows.at(-1)?.name ?? "");
    if (isDone) this.#delivery = { senderId: "", id: "" };
    return isDone;
  }
}

/** A name without a secret says nothing after its deliveries are gone. */
function isForgettable(name: NameState, before: number, now: number): boolean {
  const isEmpty = name.secretId === null && name.created.length === 0;
  return (
    isEmpty && name.runningUntil < now && Math.max(name.writtenAt, name.position / 1_000) < before
  );
}
