import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { inject, lookUp } from "../workerd/upstream.ts";
import { openOwnLedger } from "./fixtures.ts";

/** Delivers into a ledger whose object is reset during the call, as for a new version. */
async function deliverAndReset(isStored: boolean) {
  const ledger = openOwnLedger();
  const { name, open, deliver } = ledger;
  await inject({ kind: "hang", store: isStored, name });
  const first = deliver("id", "value").catch(() => "reset");
  await vi.waitFor(async () => expect((await lookUp(name)).posts).toBe(1));
  await runInDurableObject(open(), (_, state) => state.abort("reset")).catch(() => {});
  expect(await first).toBe("reset");
  return ledger;
}

test("an object that is reset during a call finds by listing what the call stored", async () => {
  const { name, deliver } = await deliverAndReset(true);
  const { secrets } = await lookUp(name);
  expect(await deliver("id", "value")).toMatchObject({
    kind: "stored",
    secret: { secret_id: secrets[0]?.secret_id },
    replayed: false,
  });
  expect((await lookUp(name)).posts).toBe(1);
});

test("an object that is reset during a call counts the call as running until its deadline", async () => {
  const { name, open, deliver } = await deliverAndReset(false);
  expect(await deliver("id", "value")).toMatchObject({ kind: "unsettled" });
  expect(await open().delivery("main", "id")).toMatchObject({ state: "unknown", attempts: 1 });
  expect(await deliver("other", "value 2")).toMatchObject({ kind: "unsettled" });
  expect((await lookUp(name)).posts).toBe(1);
});

test("an id whose call was cut off is known to the next object, whatever content comes with it", async () => {
  const { deliver } = await deliverAndReset(true);
  const reused = { kind: "rejected", code: "idempotency_key_reused" };
  expect(await deliver("id", "other value")).toEqual(reused);
  const content = { operation: "create", existing: "create", name: "OTHER", value: "v" } as const;
  expect(await deliver("id", "", { content })).toEqual(reused);
});

test("an object that is evicted between a delivery and its repetition answers from storage", async () => {
  const { name, open, deliver } = openOwnLedger();
  const first = await deliver("id", "value");
  await evictDurableObject(open());
  expect(await deliver("id", "value")).toEqual({ ...first, replayed: true });
  expect((await lookUp(name)).posts).toBe(1);
});

test("a host that is not the ledger's is misconfigured, for deliveries and for lists", async () => {
  const { open, deliver } = openOwnLedger();
  await deliver("id", "value");
  await runInDurableObject(open(), (_, { storage }) => {
    storage.sql.exec("UPDATE meta SET value = 'other.example' WHERE key = 'host'");
  });
  await evictDurableObject(open());
  const misconfigured = { kind: "rejected", code: "misconfigured" };
  expect(await deliver("id", "value")).toEqual(misconfigured);
  expect(await deliver("new", "value", { dryRun: true })).toEqual(misconfigured);
  expect(await open().list("main", 10, undefined)).toEqual({ kind: "misconfigured" });
  expect(await open().check()).toEqual({ host: "differs" });
});

test("the secrets of a host that is not the ledger's are no candidates, and no decision takes them", async () => {
  const { name, open, deliver } = openOwnLedger("update");
  await deliver("id", "value");
  const { secrets } = await lookUp(name);
  const secretId = secrets[0]?.secret_id ?? "";
  await runInDurableObject(open(), (_, { storage }) => {
    storage.sql.exec("UPDATE meta SET value = 'other.example' WHERE key = 'host'");
  });
  await evictDurableObject(open());
  const adoption = { action: "adopt", name, secretId, user: "op@example.com" } as const;
  expect(await open().candidates(name)).toEqual({ kind: "failed" });
  expect(await open().decide(adoption)).toEqual({ kind: "unavailable" });
  expect(await open().names(name, undefined, 10)).toMatchObject({ names: [{ secretId }] });
});

test("a decision before the first delivery makes the ledger the configured host's", async () => {
  const { name, deliver } = openOwnLedger();
  await deliver("id", "value");
  const { secrets } = await lookUp(name);
  const { open } = openOwnLedger();
  const adoption = { action: "adopt", name, user: "op@example.com" } as const;
  expect(await open().decide({ ...adoption, secretId: "other" })).toEqual({ kind: "stale" });
  expect(await open().check()).toEqual({ host: "unset" });
  const secretId = secrets[0]?.secret_id ?? "";
  expect(await open().decide({ ...adoption, secretId })).toEqual({ kind: "done" });
  expect(await open().check()).toEqual({ host: "matches" });
});
