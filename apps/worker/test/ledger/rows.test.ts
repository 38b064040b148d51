import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { DAY_MS, openOwnLedger } from "./fixtures.ts";

/*
 * Rows that are written are nearly all that a delivery costs on Cloudflare. The object counts them in
 * every statement, by the platform's own number.
 */

type Ledger = ReturnType<typeof openOwnLedger>;

/** Counts the rows that work writes in the ledger's object. */
async function countRows({ open }: Ledger, work: () => Promise<unknown>): Promise<number> {
  let rows = 0;
  const restore = await runInDurableObject(open(), (_, { storage: { sql } }) => {
    const { exec } = sql;
    const counting: typeof exec = (query, ...bindings) => {
      const cursor = exec.call(sql, query, ...bindings);
      rows += cursor.rowsWritten;
      return cursor as never;
    };
    Object.defineProperty(sql, "exec", { value: counting, configurable: true });
    return () => Reflect.deleteProperty(sql, "exec");
  });
  await work();
  await runInDurableObject(open(), restore);
  return rows;
}

/** Lets everything stored be old, and counts what its removal writes. */
async function countRemoval(ledger: Ledger): Promise<number> {
  await runInDurableObject(ledger.open(), (_, { storage }) => {
    storage.sql.exec("UPDATE deliveries SET seen_at = ?", Date.now() - 9 * DAY_MS);
  });
  return countRows(ledger, () => runDurableObjectAlarm(ledger.open()));
}

test("a created secret writes four rows before its removal", async () => {
  const ledger = openOwnLedger();
  await ledger.deliver("first", "value 0");
  const rows = await countRows(ledger, async () => {
    expect(await ledger.deliver("second", "value 1")).toMatchObject({ result: "created" });
  });
  expect(rows).toBe(4);
});

test("an updated secret writes four rows before its removal", async () => {
  const ledger = openOwnLedger("update");
  expect(await ledger.deliver("first", "value 0")).toMatchObject({ result: "created" });
  const rows = await countRows(ledger, async () => {
    expect(await ledger.deliver("second", "value 1")).toMatchObject({ result: "updated" });
  });
  expect(rows).toBe(4);
});

test("the removal of a delivery writes one row", async () => {
  const ledger = openOwnLedger("update");
  const deliver = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await ledger.deliver(`${count}-${index}`, `value ${count} ${index}`);
    }
  };
  // A pass over the table writes the newest position and frees the journal, however many it removes.
  await deliver(1);
  const one = await countRemoval(ledger);
  await runDurableObjectAlarm(ledger.open());
  await deliver(11);
  expect((await countRemoval(ledger)) - one).toBe(10);
});

test("a redelivery within an eighth of the retention writes nothing, and a later one writes one row", async () => {
  const ledger = openOwnLedger();
  await ledger.deliver("id", "value");
  expect(await countRows(ledger, () => ledger.deliver("id", "value"))).toBe(0);
  await runInDurableObject(ledger.open(), (_, { storage }) => {
    storage.sql.exec("UPDATE deliveries SET seen_at = ?", Date.now() - 2 * DAY_MS);
  });
  expect(await countRows(ledger, () => ledger.deliver("id", "value"))).toBe(1);
});

test("a dry run writes nothing", async () => {
  const ledger = openOwnLedger("update");
  const dryRun = () => ledger.deliver("id", "value", { dryRun: true });
  expect(await countRows(ledger, dryRun)).toBe(0);
  await ledger.deliver("other", "value 1");
  expect(await countRows(ledger, dryRun)).toBe(0);
  expect(await dryRun()).toMatchObject({ kind: "dry_run", would: "update" });
});
