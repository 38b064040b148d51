import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { type LedgerRow, LedgerStore, MIGRATIONS } from "../../src/ledger/store.ts";

/** What a version of the Worker after this one may add. */
const NEXT = [...MIGRATIONS, "ALTER TABLE deliveries ADD COLUMN note TEXT"];

const secret = { type: "stored", secret_id: "s", name: "NAME" } as const;
const ROW: LedgerRow = {
  name: "NAME",
  fingerprint: { keyId: "key", digest: "digest" },
  delivery: { state: "stored", attempts: 2, startedAt: 1, baseline: null, secret },
};

/** Runs in an object of its own, which holds a delivery at this version. */
function inLedger(run: (storage: DurableObjectStorage) => void): Promise<void> {
  const stub = env.LEDGER.getByName(crypto.randomUUID());
  return runInDurableObject(stub, (_, { storage }) => {
    new LedgerStore(storage).save("old", ROW, 1);
    run(storage);
  });
}

function readVersion({ sql }: DurableObjectStorage): unknown {
  return sql.exec("SELECT version FROM schema_version").one()["version"];
}

function readColumns({ sql }: DurableObjectStorage): unknown[] {
  return sql
    .exec<{ name: string }>("SELECT name FROM pragma_table_info('deliveries')")
    .toArray()
    .map(({ name }) => name);
}

describe("a ledger made by this version", () => {
  test("is taken on by the next one with everything in it, once", () =>
    inLedger((storage) => {
      const store = new LedgerStore(storage, NEXT);
      expect(readVersion(storage)).toBe(MIGRATIONS.length + 1);
      expect(readColumns(storage)).toContain("note");
      expect(store.find("old")).toEqual(ROW);
      // A column cannot be added twice: doing it again would throw.
      expect(new LedgerStore(storage, NEXT).find("old")).toEqual(ROW);
    }));

  test("goes on working under this version after the next one was rolled back", () =>
    inLedger((storage) => {
      new LedgerStore(storage, NEXT).save("newer", ROW, 2);
      const store = new LedgerStore(storage);
      expect(readVersion(storage)).toBe(MIGRATIONS.length + 1);
      store.save("rolled-back", ROW, 3);
      store.touch("old", 4);
      expect(store.list(10, undefined).deliveries.map(({ id }) => id)).toEqual([
        "rolled-back",
        "newer",
        "old",
      ]);
      expect(store.removeUnseen(4, 10)).toBe(2);
      expect(new LedgerStore(storage, NEXT).find("old")).toEqual(ROW);
    }));

  test("is left as it was by a migration that fails half-way", () =>
    inLedger((storage) => {
      const broken = [
        ...MIGRATIONS,
        "ALTER TABLE deliveries ADD COLUMN note TEXT; DROP TABLE gone",
      ];
      expect(() => new LedgerStore(storage, broken)).toThrow("gone");
      expect(readVersion(storage)).toBe(MIGRATIONS.length);
      expect(readColumns(storage)).not.toContain("note");
      expect(new LedgerStore(storage).find("old")).toEqual(ROW);
    }));
});

test("a new ledger is made by all versions' migrations, in order", async () => {
  await runInDurableObject(env.LEDGER.getByName(crypto.randomUUID()), (_, { storage }) => {
    storage.sql.exec("DROP TABLE deliveries; DROP TABLE wrapped_keys; DROP TABLE schema_version");
    new LedgerStore(storage, NEXT).save("new", ROW, 1);
    expect(readVersion(storage)).toBe(NEXT.length);
    expect(new LedgerStore(storage).find("new")).toEqual(ROW);
  });
});
