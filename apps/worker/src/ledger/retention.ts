import type { LedgerStore } from "./store.ts";

/** Rows removed at a time: the object answers deliveries between one batch and the next. */
const BATCH_ROWS = 1_000;

/** The alarm rings at least this often, so that a shorter retention takes effect. */
const MAX_INTERVAL_MS = 24 * 60 * 60 * 1000;
const MIN_INTERVAL_MS = 1_000;

/**
 * Removes one batch of the deliveries past their retention.
 *
 * @param now the time in milliseconds since the epoch
 * @returns how many went, and when to come again: `null` when the ledger is empty
 */
export function removeExpired(
  store: LedgerStore,
  retentionMs: number,
  now: number,
): { readonly removed: number; readonly next: number | null } {
  const removed = store.removeUnseen(now - retentionMs, BATCH_ROWS);
  if (removed === BATCH_ROWS) return { removed, next: now };
  const oldest = store.findOldestSeen();
  if (oldest === null) return { removed, next: null };
  const due = Math.max(oldest + retentionMs, now + MIN_INTERVAL_MS);
  return { removed, next: Math.min(due, now + MAX_INTERVAL_MS) };
}
