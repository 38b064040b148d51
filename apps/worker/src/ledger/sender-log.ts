import type { LedgerStore } from "./store/ledger-store.ts";
import type { SenderRow } from "./store/operator-store.ts";

/** How long the stored time of a sender's last request may be behind, in milliseconds. */
const PERSIST_MS = 60 * 60 * 1_000;

/** Who was seen when, and who is paused. Kept in memory, written once an hour at most. */
export class SenderLog {
  readonly #store: LedgerStore;
  readonly #senders: Map<string, SenderRow>;
  readonly #seen = new Map<string, number>();

  constructor(store: LedgerStore) {
    this.#store = store;
    this.#senders = new Map(store.operator.readSenders().map((row) => [row.sender, row]));
  }

  /** Notes a request of a sender. A sender's first hour is known from its deliveries. */
  see(senderId: string, now: number): void {
    const first = this.#seen.get(senderId) ?? this.#senders.get(senderId)?.seen_at ?? undefined;
    const persisted = this.#senders.get(senderId)?.seen_at ?? first ?? now;
    if (now >= persisted + PERSIST_MS) this.#save({ ...this.#read(senderId), seen_at: now });
    else if (first === undefined)
      this.#senders.set(senderId, { ...this.#read(senderId), seen_at: now });
    this.#seen.set(senderId, now);
  }

  isPaused(senderId: string): boolean {
    return (this.#senders.get(senderId)?.paused_at ?? null) !== null;
  }

  /** Pauses or resumes a sender; `false` if it already is. */
  setPaused(
    senderId: string,
    paused: { readonly user: string; readonly at: number } | null,
  ): boolean {
    if (this.isPaused(senderId) === (paused !== null)) return false;
    const row = this.#read(senderId);
    this.#save({ ...row, paused_at: paused?.at ?? null, paused_by: paused?.user ?? null });
    return true;
  }

  /** Every sender that is paused or was seen; `seen_at` is as exact as it is known. */
  read(): SenderRow[] {
    return [...this.#senders.values()].map((row) => ({
      ...row,
      seen_at: this.#seen.get(row.sender) ?? row.seen_at,
    }));
  }

  #read(senderId: string): SenderRow {
    const row = this.#senders.get(senderId);
    return row ?? { sender: senderId, seen_at: null, paused_at: null, paused_by: null };
  }

  #save(row: SenderRow): void {
    this.#senders.set(row.sender, row);
    this.#store.operator.saveSender(row);
  }
}
