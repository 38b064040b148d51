/** The part of a Durable Object's storage that the ledger uses. The simulator passes in its own. */
export interface LedgerStorage {
  readonly sql: {
    exec<Row extends Record<string, string | number | null>>(
      query: string,
      ...bindings: readonly (string | number | null)[]
    ): { toArray(): Row[]; one(): Row };
  };
  transactionSync<Result>(run: () => Result): Result;
}

/** The version of {@link SCHEMA}. A later version adds its changes and checks this number. */
const SCHEMA_VERSION = 1;

/**
 * The tables. A row that is written costs money, so a stored delivery writes five: its journal entry
 * (1), its row with one index (2), the name's row (1), and the deletion of the delivery's row (1).
 *
 * - `journal`: a slot for each call in flight, reused by later calls. An entry whose delivery has no
 *   outcome belongs to a process that ended: see recover.ts
 * - `deliveries`: written with the outcome, or when a delivery has to wait
 * - `names`: the state of each name, whichever senders write to it
 * - `decisions`: what waits for the operator; `actions`: what was decided
 * - `senders`: who is paused, and who was seen when
 * - `meta`: single facts by key
 */
const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE journal (slot INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
CREATE TABLE deliveries (
  sender TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  key_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  operation TEXT NOT NULL,
  state TEXT NOT NULL,
  secret_id TEXT,
  secret_name TEXT,
  position INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  evidence TEXT,
  PRIMARY KEY (sender, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_position ON deliveries (sender, position);
CREATE TABLE names (
  name TEXT PRIMARY KEY,
  secret_id TEXT,
  created TEXT,
  position INTEGER NOT NULL,
  position_before INTEGER NOT NULL,
  running_until INTEGER NOT NULL,
  running_fingerprint TEXT,
  unsettled_sender TEXT,
  unsettled_id TEXT,
  written_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE decisions (
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  sender TEXT NOT NULL,
  id TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (name, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE actions (
  seq INTEGER PRIMARY KEY,
  action TEXT NOT NULL,
  user TEXT NOT NULL,
  at INTEGER NOT NULL,
  sender TEXT,
  id TEXT,
  name TEXT,
  secret_id TEXT
) STRICT;
CREATE TABLE senders (
  sender TEXT PRIMARY KEY,
  seen_at INTEGER,
  paused_at INTEGER,
  paused_by TEXT
) STRICT, WITHOUT ROWID;
`;

/** Creates the tables in a new object. */
export function prepareSchema(storage: LedgerStorage): void {
  const [row] = storage.sql
    .exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'")
    .toArray();
  if (row !== undefined) return;
  storage.transactionSync(() => {
    storage.sql.exec(SCHEMA);
    const insert = "INSERT INTO meta (key, value) VALUES ('schema_version', ?)";
    storage.sql.exec(insert, String(SCHEMA_VERSION));
  });
}
