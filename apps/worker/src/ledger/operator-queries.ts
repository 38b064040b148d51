import type {
  DeliveryEntry,
  DeliveryFilter,
  DeliveryList,
  HourlyCounts,
  NameList,
  Overview,
  SenderActivity,
} from "./operator-view.ts";
import type { SenderLog } from "./sender-log.ts";
import { type Delivery, readReceiptTime } from "./states.ts";
import type { LedgerStore } from "./store/ledger-store.ts";

const MAX_DECISIONS = 100;
const MAX_ACTIONS = 50;

/** Rows that one page of a filtered list reads at most, for each sender. */
const MAX_SCANNED = 1_000;

/** Deliveries of one sender that are counted for its chart. */
const MAX_COUNTED = 5_000;

const HOUR_MS = 60 * 60 * 1_000;
const HOURS = 24;

/** What the operator's page reads. Each read is limited, so that its cost does not grow with rows. */
export class OperatorQueries {
  readonly #store: LedgerStore;
  readonly #senderLog: SenderLog;

  constructor(store: LedgerStore, senderLog: SenderLog) {
    this.#store = store;
    this.#senderLog = senderLog;
  }

  readOverview(): Overview {
    const { operator } = this.#store;
    const decisions = operator.listDecisions(MAX_DECISIONS).sort((a, b) => a.since - b.since);
    return { decisions, actions: operator.listActions(MAX_ACTIONS) };
  }

  listSenders(now: number): SenderActivity[] {
    const rows = new Map(this.#senderLog.read().map((row) => [row.sender, row]));
    const ids = new Set([...rows.keys(), ...this.#findSenders()]);
    return [...ids].sort().map((id) => {
      const row = rows.get(id);
      const [newest] = this.#store.deliveries.list(id, 1, Number.MAX_SAFE_INTEGER);
      const seen = Math.max(row?.seen_at ?? 0, newest === undefined ? 0 : readReceiptTime(newest));
      return {
        id,
        lastSeenAt: seen === 0 ? null : seen,
        paused: row?.paused_at == null ? null : { user: row.paused_by ?? "", at: row.paused_at },
        ...this.#countHours(id, now),
      };
    });
  }

  findDelivery(senderId: string, id: string): DeliveryEntry | undefined {
    const delivery = this.#store.deliveries.find({ senderId, id });
    return delivery && toEntry(delivery);
  }

  /** A page of deliveries, newest first: of one sender, or of all. */
  listDeliveries(filter: DeliveryFilter): DeliveryList {
    const { senderId, state, name, limit } = filter;
    const before = filter.before ?? Number.MAX_SAFE_INTEGER;
    const senders = senderId === undefined ? this.#findSenders() : [senderId];
    const isFiltered = state !== undefined || name !== undefined;
    const scanned = isFiltered ? Math.max(MAX_SCANNED, limit) : limit;
    const pages = senders.map((id) => this.#store.deliveries.list(id, scanned, before));
    // A sender whose rows were not all read limits how far back the page is complete.
    const reach = Math.max(
      0,
      ...pages.map((page) => (page.length < scanned ? 0 : (page.at(-1)?.position ?? 0))),
    );
    const matching = pages
      .flat()
      .filter((row) => row.position >= reach)
      .filter((row) => state === undefined || row.state === state)
      .filter((row) => name === undefined || row.name === name)
      .sort((a, b) => b.position - a.position);
    const page = matching.slice(0, limit);
    const isCut = matching.length > limit || page.length === limit;
    const next = isCut ? (page.at(-1)?.position ?? null) : reach === 0 ? null : reach;
    return { deliveries: page.map(toEntry), next };
  }

  listNames(prefix: string, after: string | undefined, limit: number): NameList {
    const rows = this.#store.names.list(prefix, after ?? "", limit);
    return {
      names: rows.map(({ name, secretId, created }) => ({
        name,
        secretId,
        otherSecretIds: created,
      })),
      next: rows.length < limit ? null : (rows.at(-1)?.name ?? null),
    };
  }

  /** Every sender that has deliveries, by one look into the index for each. */
  #findSenders(): string[] {
    const senders: string[] = [];
    for (;;) {
      const sender = this.#store.deliveries.findSenderAfter(senders.at(-1) ?? "");
      if (sender === undefined) return senders;
      senders.push(sender);
    }
  }

  #countHours(senderId: string, now: number): Pick<SenderActivity, "hours" | "countsAreMinimum"> {
    const firstHour = (Math.floor(now / HOUR_MS) - HOURS + 1) * HOUR_MS;
    const hours = Array.from({ length: HOURS }, (_, index) => ({
      startsAt: firstHour + index * HOUR_MS,
      stored: 0,
      failed: 0,
    }));
    const rows = this.#store.deliveries.list(senderId, MAX_COUNTED, Number.MAX_SAFE_INTEGER);
    for (const row of rows) count(hours, row, firstHour);
    const oldest = rows.at(-1);
    const countsAreMinimum =
      rows.length === MAX_COUNTED && oldest !== undefined && readReceiptTime(oldest) > firstHour;
    return { hours, countsAreMinimum };
  }
}

function count(
  hours: { -readonly [Key in keyof HourlyCounts]: HourlyCounts[Key] }[],
  delivery: Delivery,
  firstHour: number,
): void {
  const hour = hours[Math.floor((readReceiptTime(delivery) - firstHour) / HOUR_MS)];
  if (hour === undefined) return;
  if (delivery.state === "stored") hour.stored += 1;
  if (["rejected", "superseded", "unknown"].includes(delivery.state)) hour.failed += 1;
}

function toEntry(delivery: Delivery): DeliveryEntry {
  const { senderId, id, name, operation, state, secretId, seenAt, attempts, evidence } = delivery;
  return {
    senderId,
    id,
    name,
    operation,
    // Only a delivery without a row is new.
    state: state === "new" ? "waiting" : state,
    secretId,
    createdAt: readReceiptTime(delivery),
    lastSeenAt: Math.max(seenAt, readReceiptTime(delivery)),
    attempts,
    needsDecision: evidence?.undecidable ?? false,
  };
}
