import { expect, test } from "vitest";
import type { LedgerStore } from "../../../src/ledger/store/ledger-store.ts";
import { createLedger, post } from "./ledger-fixtures.ts";

/** The next writes of deliveries and names fail, so many of them. */
function failToRecord(store: LedgerStore, times: number): void {
  const { record } = store;
  let left = times;
  store.record = (...changes) => {
    if (left-- > 0) throw new Error("The disk is full");
    record.apply(store, changes);
  };
}

test("a create whose answer cannot be recorded is not sent a second time", async () => {
  const { world, deliver, store, calls, secrets } = createLedger();
  failToRecord(store(), 1);
  await expect(deliver("1", post("value", "create"))).rejects.toThrow("The disk is full");
  await deliver("2", { ...post("other", "create"), name: "OTHER" });
  world.now += 1_000;
  expect(await deliver("1", post("value", "create"))).toMatchObject({
    kind: "stored",
    secret: { secret_id: secrets[0]?.secretId },
  });
  expect(calls).toEqual(["POST value", "POST other"]);
});

test("if a lost answer cannot be recorded either, the next object finds the call in the journal", async () => {
  const { world, deliver, store, restart, calls } = createLedger();
  failToRecord(store(), 2);
  await expect(deliver("1", post("value", "create"))).rejects.toThrow("The disk is full");
  await deliver("2", { ...post("other", "create"), name: "OTHER" });
  restart();
  world.now += 1_000;
  expect(await deliver("1", post("value", "create"))).toMatchObject({ kind: "stored" });
  expect(calls).toEqual(["POST value", "POST other"]);
});
