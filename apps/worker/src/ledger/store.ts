import type { DeliverySummary } from "../delivery-summary.ts";
import type { Baseline, Delivery } from "./delivery.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** A row: a delivery, and what identifies it. */
export interface LedgerRow {
  readonly delivery: Delivery;
  readonly name: string;
  readonly fingerprint: Fingerprint;
}

/** A page of deliveries, newest first; `next` is the `before` of the page after it. */
export interface DeliveryPage {
  readonly deliveries: readonly DeliverySummary[];
  readonly next: number | null;
}

/**
 * Each is applied once, in order. Versions of the Worker run side by side during a deployment, and a
 * rollback meets the newer tables: only add, and let the older code work without what is new.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE deliveries (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     key_id TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     state TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     started_at INTEGER NOT NULL,
     baseline TEXT,
     secret_id TEXT,
     secret_name TEXT,
     created_at INTEGER NOT NULL,
     last_seen_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX deliveries_by_last_seen ON deliveries (last_seen_at);
   CREATE INDEX deliveries_unsettled ON deliveries (name, started_at)
     WHERE state IN ('pending', 'unknown');
   CREATE INDEX deliveries_by_secret ON deliveries (secret_id) WHERE secret_id IS NOT NULL;
   CREATE TABLE wrapped_keys (
     wrapper TEXT PRIMARY KEY,
     key_id TEXT NOT NULL,
     wrapped TEXT NOT NULL
   ) STRICT;`,
];

type StoredRow = {
  name: string;
  key_id: string;
  fingerprint: string;
  state: Exclude<Delivery["state"], "new">;
  attempts: number;
  started_at: number;
  baseline: string | null;
  secret_id: string | null;
  secret_name: string | null;
};

/** The ledger's tables: the only place with SQL. Every call is synchronous, and so atomic. */
export class LedgerStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage, migrations = MIGRATIONS) {
    this.#sql = storage.sql;
    storage.transactionSync(() => this.#migrate(migrations));
  }

  find(id: string): LedgerRow | undefined {
    const [row] = this.#sql
      .exec<StoredRow>(
        `SELECT name, key_id, fingerprint, state, attempts, started_at, baseline, secret_id, secret_name
         FROM deliveries WHERE id = ?`,
        id,
      )
      .toArray();
    return row === undefined ? undefined : toLedgerRow(row);
  }

  /** Records a delivery; its first record sets its name, fingerprint and time of creation. */
  save(id: string, { delivery, name, fingerprint }: LedgerRow, now: number): void {
    if (delivery.state === "new") throw new TypeError("There is nothing to record of it");
    const { state, attempts, startedAt, baseline } = delivery;
    const secret = delivery.state === "stored" ? delivery.secret : null;
    this.#sql.exec(
      `INSERT INTO deliveries (id, name, key_id, fingerprint, state, attempts, started_at, baseline,
         secret_id, secret_name, created_at, last_seen_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
       ON CONFLICT (id) DO UPDATE SET key_id = ?3, fingerprint = ?4, state = ?5, attempts = ?6,
         started_at = ?7, baseline = ?8, secret_id = ?9, secret_name = ?10, last_seen_at = ?11`,
      id,
      name,
      fingerprint.keyId,
      fingerprint.digest,
      state,
      attempts,
      startedAt,
      baseline === null ? null : JSON.stringify(baseline),
      secret?.secret_id ?? null,
      secret?.name ?? null,
      now,
    );
  }

  touch(id: string, now: number): void {
    this.#sql.exec("UPDATE deliveries SET last_seen_at = ? WHERE id = ?", now, id);
  }

  /** Which of these secrets another delivery than this is known to have made. */
  findClaimed(secretIds: readonly string[], id: string): Set<string> {
    const claims = this.#sql.exec<{ secret_id: string }>(
      `SELECT secret_id FROM deliveries
       WHERE secret_id IN (SELECT value FROM json_each(?)) AND id <> ?`,
      JSON.stringify(secretIds),
      id,
    );
    return new Set(claims.toArray().map((row) => row.secret_id));
  }

  /** When the last call of another unsettled delivery of this name began. */
  findRivalStart(name: string, id: string): number | null {
    const [row] = this.#sql
      .exec<{ started_at: number }>(
        `SELECT started_at FROM deliveries
         WHERE name = ? AND id <> ? AND state IN ('pending', 'unknown')
         ORDER BY started_at DESC LIMIT 1`,
        name,
        id,
      )
      .toArray();
    return row?.started_at ?? null;
  }

  /** A page of deliveries, newest first, of those older than `before`. */
  list(limit: number, before: number | undefined): DeliveryPage {
    const rows = this.#sql
      .exec<ListedRow>(
        `SELECT seq, id, name, state, secret_id, created_at, last_seen_at, attempts
         FROM deliveries WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray();
    const next = rows.length < limit ? null : (rows.at(-1)?.seq ?? null);
    return { deliveries: rows.map(toSummary), next };
  }

  /** Removes deliveries not seen since `before`, at most `limit`, and tells how many. */
  removeUnseen(before: number, limit: number): number {
    return this.#sql.exec(
      `DELETE FROM deliveries WHERE seq IN
         (SELECT seq FROM deliveries WHERE last_seen_at < ? ORDER BY last_seen_at LIMIT ?)`,
      before,
      limit,
    ).rowsWritten;
  }

  /** When the delivery unseen for longest was last seen. */
  findOldestSeen(): number | null {
    const { oldest } = this.#sql
      .exec<{ oldest: number | null }>("SELECT min(last_seen_at) AS oldest FROM deliveries")
      .one();
    return oldest;
  }

  readWrappedKeys(): WrappedKey[] {
    return this.#sql
      .exec<WrappedKey>("SELECT wrapper, key_id, wrapped FROM wrapped_keys")
      .toArray();
  }

  /** Keeps exactly these wrapped keys. */
  replaceWrappedKeys(keys: readonly WrappedKey[]): void {
    this.#sql.exec("DELETE FROM wrapped_keys");
    for (const { wrapper, key_id, wrapped } of keys) {
      this.#sql.exec("INSERT INTO wrapped_keys VALUES (?, ?, ?)", wrapper, key_id, wrapped);
    }
  }

  #migrate(migrations: readonly string[]): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT");
    const [row] = this.#sql
      .exec<{ version: number }>("SELECT version FROM schema_version")
      .toArray();
    const version = row?.version ?? 0;
    if (version >= migrations.length) return;
    for (const migration of migrations.slice(version)) this.#sql.exec(migration);
    this.#sql.exec("DELETE FROM schema_version");
    this.#sql.exec("INSERT INTO schema_version VALUES (?)", migrations.length);
  }
}

/** The ledger's key, encrypted under one credential. */
export type WrappedKey = { wrapper: string; key_id: string; wrapped: string };

type ListedRow = {
  seq: number;
  id: string;
  name: string;
  state: DeliverySummary["state"];
  secret_id: string | null;
  created_at: number;
  last_seen_at: number;
  attempts: number;
};

function toSummary({ seq: _, created_at, last_seen_at, ...row }: ListedRow): DeliverySummary {
  return {
    ...row,
    created_at: new Date(created_at).toISOString(),
    last_seen_at: new Date(last_seen_at).toISOString(),
  };
}

function toLedgerRow(row: StoredRow): LedgerRow {
  const { name, attempts } = row;
  const called = {
    attempts,
    startedAt: row.started_at,
    baseline: row.baseline === null ? null : (JSON.parse(row.baseline) as Baseline),
  };
  const fingerprint = { keyId: row.key_id, digest: row.fingerprint };
  if (row.state !== "stored")
    return { name, fingerprint, delivery: { ...called, state: row.state } };
  const secret = {
    type: "stored",
    secret_id: row.secret_id ?? "",
    name: row.secret_name ?? name,
  } as const;
  return { name, fingerprint, delivery: { ...called, state: "stored", secret } };
}
