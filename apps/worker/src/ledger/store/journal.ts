import type { Delivery, DeliveryKey } from "../states.ts";
import type { LedgerStorage } from "./schema.ts";

/**
 * The calls in flight. Before a call starts, its delivery is written into a slot. The slot is free
 * again when the delivery's row has the outcome, so that it need not be deleted: the next call
 * overwrites it.
 */
export class Journal {
  readonly #sql: LedgerStorage["sql"];
  readonly #free: number[] = [];
  #slots: number;

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
    const { slots } = sql
      .exec<{ slots: number | null }>("SELECT max(slot) AS slots FROM journal")
      .one();
    this.#slots = slots ?? 0;
    for (let slot = 1; slot <= this.#slots; slot += 1) this.#free.push(slot);
  }

  /** Takes a slot that no call of this process uses. */
  takeSlot(): number {
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    this.#slots += 1;
    return this.#slots;
  }

  /** Gives a slot back, after the outcome of its call has been written. */
  freeSlot(slot: number): void {
    this.#free.push(slot);
  }

  /** Writes the delivery whose call is about to start: one row. */
  write(slot: number, delivery: Delivery): void {
    this.#sql.exec(
      "INSERT INTO journal (slot, entry) VALUES (?1, ?2) ON CONFLICT (slot) DO UPDATE SET entry = ?2",
      slot,
      JSON.stringify(delivery),
    );
  }

  /** Every entry, whether its call has an outcome or not. */
  readAll(): Delivery[] {
    return this.#sql
      .exec<{ entry: string }>("SELECT entry FROM journal")
      .toArray()
      .map(({ entry }) => JSON.parse(entry) as Delivery);
  }

  /** Gives a delivery another id. */
  rename({ senderId, id }: DeliveryKey, newId: string): void {
    this.#sql.exec(
      `UPDATE journal SET entry = json_set(entry, '$.id', ?)
       WHERE json_extract(entry, '$.senderId') = ? AND json_extract(entry, '$.id') = ?`,
      newId,
      senderId,
      id,
    );
  }

  /** Removes the entries of slots that no call uses. Must come before old deliveries are removed. */
  removeFree(): void {
    for (const slot of this.#free) this.#sql.exec("DELETE FROM journal WHERE slot = ?", slot);
  }
}
