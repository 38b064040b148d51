import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { LedgerStorage } from "../../src/ledger/store/schema.ts";

/**
 * The storage of a Durable Object on `node:sqlite`. Writes become durable only at `commit`, as the
 * platform's do at its output gate at the latest, and a crash loses everything since.
 */
export class NodeStorage implements LedgerStorage {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();
  #isOpen = false;

  readonly sql: LedgerStorage["sql"] = {
    exec: <Row extends Record<string, string | number | null>>(
      query: string,
      ...bindings: readonly (string | number | null)[]
    ) => {
      const rows = this.#run(query, bindings) as Row[];
      return {
        toArray: () => rows,
        one: () => {
          const [row] = rows;
          if (row === undefined || rows.length > 1) throw new Error("Expected exactly one row");
          return row;
        },
      };
    },
  };

  transactionSync<Result>(run: () => Result): Result {
    this.#open();
    this.#database.exec("SAVEPOINT nested");
    try {
      const result = run();
      this.#database.exec("RELEASE nested");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK TO nested; RELEASE nested");
      throw error;
    }
  }

  /** Makes everything that was written durable. */
  commit(): void {
    if (this.#isOpen) this.#database.exec("COMMIT");
    this.#isOpen = false;
  }

  /** Loses everything that is not durable. */
  crash(): void {
    if (this.#isOpen) this.#database.exec("ROLLBACK");
    this.#isOpen = false;
  }

  #open(): void {
    if (!this.#isOpen) this.#database.exec("BEGIN");
    this.#isOpen = true;
  }

  #run(query: string, bindings: readonly (string | number | null)[]): unknown[] {
    const isRead = query.startsWith("SELECT");
    if (!isRead) this.#open();
    if (query.includes("CREATE TABLE")) {
      this.#database.exec(query);
      return [];
    }
    let statement = this.#statements.get(query);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      this.#statements.set(query, statement);
    }
    const values = bindings as SQLInputValue[];
    if (isRead) return statement.all(...values);
    statement.run(...values);
    return [];
  }
}
