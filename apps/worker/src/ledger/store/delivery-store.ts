import type { DeliveryState, Operation } from "@convai-secrets/protocol";
import type { Delivery, DeliveryKey, Evidence } from "../states.ts";
import type { LedgerStorage } from "./schema.ts";

/** The columns of a row of `deliveries`. */
type DeliveryRow = {
  sender: string;
  id: string;
  name: string;
  key_id: string;
  fingerprint: string;
  operation: Operation;
  state: DeliveryState;
  secret_id: string | null;
  secret_name: string | null;
  position: number;
  seen_at: number;
  attempts: number;
  evidence: string | null;
};

const COLUMNS =
  "sender, id, name, key_id, fingerprint, operation, state, secret_id, secret_name, position, seen_at, attempts, evidence";

/** The deliveries of all senders. Every call is synchronous, and so atomic. */
export class DeliveryStore {
  readonly #sql: LedgerStorage["sql"];

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
  }

  find({ senderId, id }: DeliveryKey): Delivery | undefined {
    const query = `SELECT ${COLUMNS} FROM deliveries WHERE sender = ? AND id = ?`;
    const [row] = this.#sql.exec<DeliveryRow>(query, senderId, id).toArray();
    return row && readDelivery(row);
  }

  /** Writes a delivery: one row, and one more for the index if it is new or has a new position. */
  save(delivery: Delivery): void {
    const { senderId, id, name, keyId, fingerprint, operation, state } = delivery;
    const { secretId, secretName, position, seenAt, attempts, evidence } = delivery;
    this.#sql.exec(
      `INSERT INTO deliveries (${COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
       ON CONFLICT (sender, id) DO UPDATE SET name = ?3, key_id = ?4, fingerprint = ?5,
         operation = ?6, state = ?7, secret_id = ?8, secret_name = ?9, position = ?10,
         seen_at = ?11, attempts = ?12, evidence = ?13`,
      senderId,
      id,
      name,
      keyId,
      fingerprint,
      operation,
      state,
      secretId,
      secretName,
      position,
      seenAt,
      attempts,
      evidence === null ? null : JSON.stringify(evidence),
    );
  }

  /** Records that a delivery was seen again, and its fingerprint under the newest key: one row. */
  touch({ senderId, id, keyId, fingerprint, seenAt }: Delivery): void {
    this.#sql.exec(
      `UPDATE deliveries SET seen_at = ?, key_id = ?, fingerprint = ?
       WHERE sender = ? AND id = ?`,
      seenAt,
      keyId,
      fingerprint,
      senderId,
      id,
    );
  }

  /** Gives a delivery another id of the same sender. */
  rename({ senderId, id }: DeliveryKey, newId: string): void {
    this.#sql.exec("UPDATE deliveries SET id = ? WHERE sender = ? AND id = ?", newId, senderId, id);
  }

  /** A page of one sender's deliveries, newest first, of those before a position. */
  list(senderId: string, limit: number, before: number): Delivery[] {
    return this.#sql
      .exec<DeliveryRow>(
        `SELECT ${COLUMNS} FROM deliveries WHERE sender = ? AND position < ?
         ORDER BY position DESC LIMIT ?`,
        senderId,
        before,
        limit,
      )
      .toArray()
      .map(readDelivery);
  }

  /** The first sender after this one in the order of the index. */
  findSenderAfter(senderId: string): string | undefined {
    const query = "SELECT sender FROM deliveries WHERE sender > ? ORDER BY sender LIMIT 1";
    return this.#sql.exec<{ sender: string }>(query, senderId).toArray()[0]?.sender;
  }

  /** The newest position of all: one index entry is read for each sender. */
  findNewestPosition(): number {
    const query = "SELECT max(position) AS position FROM deliveries WHERE sender = ?";
    let newest = 0;
    let sender = this.findSenderAfter("");
    while (sender !== undefined) {
      const { position } = this.#sql.exec<{ position: number }>(query, sender).one();
      newest = Math.max(newest, position);
      sender = this.findSenderAfter(sender);
    }
    return newest;
  }

  /** Reads the next rows after a key in the order of the primary key, for the removal of old ones. */
  scan(after: DeliveryKey, limit: number): Delivery[] {
    const query = `SELECT ${COLUMNS} FROM deliveries
       WHERE (sender, id) > (?, ?) ORDER BY sender, id LIMIT ?`;
    return this.#sql
      .exec<DeliveryRow>(query, after.senderId, after.id, limit)
      .toArray()
      .map(readDelivery);
  }

  remove({ senderId, id }: DeliveryKey): void {
    this.#sql.exec("DELETE FROM deliveries WHERE sender = ? AND id = ?", senderId, id);
  }
}

function readDelivery(row: DeliveryRow): Delivery {
  return {
    senderId: row.sender,
    id: row.id,
    name: row.name,
    keyId: row.key_id,
    fingerprint: row.fingerprint,
    operation: row.operation,
    state: row.state,
    secretId: row.secret_id,
    secretName: row.secret_name,
    position: row.position,
    seenAt: row.seen_at,
    attempts: row.attempts,
    evidence: row.evidence === null ? null : (JSON.parse(row.evidence) as Evidence),
  };
}
