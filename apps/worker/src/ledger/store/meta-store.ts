import type { LedgerStorage } from "./schema.ts";

/** The single facts of the ledger, by key. */
export class MetaStore {
  readonly #sql: LedgerStorage["sql"];

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
  }

  read(key: "host" | "position"): string | undefined {
    const query = "SELECT value FROM meta WHERE key = ?";
    return this.#sql.exec<{ value: string }>(query, key).toArray()[0]?.value;
  }

  write(key: "host" | "position", value: string): void {
    const query =
      "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
    this.#sql.exec(query, key, value);
  }
}
