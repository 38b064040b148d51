import { createNameState, type DeliveryKey, type NameState } from "../states.ts";
import type { LedgerStorage } from "./schema.ts";

type NameRow = {
  name: string;
  secret_id: string | null;
  created: string | null;
  position: number;
  position_before: number;
  running_until: number;
  running_fingerprint: string | null;
  unsettled_sender: string | null;
  unsettled_id: string | null;
  written_at: number;
};

const COLUMNS =
  "name, secret_id, created, position, position_before, running_until, running_fingerprint, unsettled_sender, unsettled_id, written_at";

/** The names of the workspace that the ledger has written. */
export class NameStore {
  readonly #sql: LedgerStorage["sql"];

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
  }

  find(name: string): NameState {
    const query = `SELECT ${COLUMNS} FROM names WHERE name = ?`;
    const [row] = this.#sql.exec<NameRow>(query, name).toArray();
    return row === undefined ? createNameState(name) : readName(row);
  }

  /** Writes a name: one row. */
  save(state: NameState): void {
    const { name, secretId, created, position, positionBefore, unsettled } = state;
    this.#sql.exec(
      `INSERT INTO names (${COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
       ON CONFLICT (name) DO UPDATE SET secret_id = ?2, created = ?3, position = ?4,
         position_before = ?5, running_until = ?6, running_fingerprint = ?7,
         unsettled_sender = ?8, unsettled_id = ?9, written_at = ?10`,
      name,
      secretId,
      created.length === 0 ? null : JSON.stringify(created),
      position,
      positionBefore,
      state.runningUntil,
      state.runningFingerprint,
      unsettled?.senderId ?? null,
      unsettled?.id ?? null,
      state.writtenAt,
    );
  }

  /** Names that start with a prefix, after a name, in alphabetical order. */
  list(prefix: string, after: string, limit: number): NameState[] {
    // The highest code point ends the range of names that start with the prefix.
    const end = `${prefix}\u{10ffff}`;
    return this.#sql
      .exec<NameRow>(
        `SELECT ${COLUMNS} FROM names WHERE name >= ? AND name > ? AND name < ?
         ORDER BY name LIMIT ?`,
        prefix,
        after,
        end,
        limit,
      )
      .toArray()
      .map(readName);
  }

  /** Gives the delivery whose create has an unknown outcome another id. */
  renameUnsettled(name: string, { senderId, id }: DeliveryKey, newId: string): void {
    this.#sql.exec(
      "UPDATE names SET unsettled_id = ? WHERE name = ? AND unsettled_sender = ? AND unsettled_id = ?",
      newId,
      name,
      senderId,
      id,
    );
  }

  remove(name: string): void {
    this.#sql.exec("DELETE FROM names WHERE name = ?", name);
  }
}

function readName(row: NameRow): NameState {
  return {
    name: row.name,
    secretId: row.secret_id,
    created: row.created === null ? [] : (JSON.parse(row.created) as string[]),
    position: row.position,
    positionBefore: row.position_before,
    runningUntil: row.running_until,
    runningFingerprint: row.running_fingerprint,
    unsettled:
      row.unsettled_sender === null || row.unsettled_id === null
        ? null
        : { senderId: row.unsettled_sender, id: row.unsettled_id },
    writtenAt: row.written_at,
  };
}
