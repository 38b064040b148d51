import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { Sweep, seenGranularity } from "../../src/ledger/retention.ts";
import { LedgerStore } from "../../src/ledger/store/ledger-store.ts";
import { createRow, DAY_MS, openOwnLedger } from "./fixtures.ts";

const RETENTION_MS = 7 * DAY_MS;

/** Runs with a store of its own. */
async function withStore(run: (store: LedgerStore) => void): Promise<void> {
  await runInDurableObject(openOwnLedger().open(), (_, { storage }) => {
    run(new LedgerStore(storage));
  });
}

test("old deliveries are removed in batches of a thousand rows, and newer ones are kept", async () => {
  await withStore((store) => {
    const now = 1_000 * DAY_MS;
    for (let index = 0; index < 2_500; index += 1) {
      store.deliveries.save(createRow(`old-${index}`, now - 9 * DAY_MS));
    }
    store.deliveries.save(createRow("recent", now - 7 * DAY_MS));
    const sweep = new Sweep(store);
    const options = { retentionMs: RETENTION_MS, position: 1 };
    const removed = [1, 2, 3].map(() => sweep.removeExpired(options, now).removed);
    expect(removed).toEqual([1_000, 1_000, 500]);
    expect(sweep.removeExpired(options, now).next).toBe(now + seenGranularity(RETENTION_MS));
    expect(store.deliveries.list("main", 10, Number.MAX_SAFE_INTEGER)).toHaveLength(1);
  });
});

test("a name keeps its secret when its deliveries are removed, and is forgotten if it has none", async () => {
  await withStore((store) => {
    const now = 1_000 * DAY_MS;
    const empty = { ...store.names.find("EMPTY"), writtenAt: 1 };
    store.names.save(empty);
    store.names.save({ ...empty, name: "KEPT", secretId: "secret" });
    const sweep = new Sweep(store);
    const options = { retentionMs: RETENTION_MS, position: 1 };
    sweep.removeExpired(options, now);
    expect(sweep.removeExpired(options, now).next).toBeNull();
    expect(store.names.list("", "", 10).map(({ name }) => name)).toEqual(["KEPT"]);
  });
});

test("a free journal entry is removed before its delivery, so that it is not a lost call", async () => {
  const { open, deliver } = openOwnLedger();
  await deliver("id", "value");
  await runInDurableObject(open(), (_, { storage }) => {
    storage.sql.exec("UPDATE deliveries SET seen_at = ?", Date.now() - 9 * DAY_MS);
  });
  await runDurableObjectAlarm(open());
  await evictDurableObject(open());
  expect(await open().delivery("main", "id")).toBeUndefined();
});

test("the alarm is set by the first delivery, and again if it was lost", async () => {
  const { open, deliver } = openOwnLedger();
  const readAlarm = () => runInDurableObject(open(), (_, { storage }) => storage.getAlarm());
  await deliver("one", "value 1");
  expect(await readAlarm()).toBeGreaterThan(Date.now() + 6 * DAY_MS);
  await runInDurableObject(open(), (_, { storage }) => storage.deleteAlarm());
  await evictDurableObject(open());
  await deliver("two", "value 2");
  expect(await readAlarm()).not.toBeNull();
});
