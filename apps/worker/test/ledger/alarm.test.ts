import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { removeExpired } from "../../src/ledger/retention.ts";
import { LedgerStore } from "../../src/ledger/store.ts";
import { inject, lookUp } from "../workerd/upstream.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const SENDER = "main";

const openLedger = () => env.LEDGER.getByName(crypto.randomUUID());

const alarmOf = (stub: DurableObjectStub<Ledger>) =>
  runInDurableObject(stub, (_, state) => state.storage.getAlarm());

/** Fills a ledger with deliveries of every state, one seen each millisecond up to `until`. */
function fill(store: LedgerStore, count: number, until: number, prefix = "old"): void {
  const fingerprint = { keyId: "key", digest: "digest" };
  for (let index = 0; index < count; index += 1) {
    const called = { attempts: 1, startedAt: 0, baseline: { ids: ["a"], at: 0 } };
    const secret = { type: "stored", secret_id: `s${index}`, name: "OLD" } as const;
    const states = ["pending", "unknown", "refused"] as const;
    const state = states[index % 4];
    const delivery = state
      ? { ...called, state }
      : ({ ...called, state: "stored", secret } as const);
    store.save(`${prefix}-${index}`, { name: "OLD", fingerprint, delivery }, until - count + index);
  }
}

describe("retention", () => {
  test("goes in batches of a thousand, the longest unseen first, each right after the other", async () => {
    await runInDurableObject(openLedger(), (_, state) => {
      const store = new LedgerStore(state.storage);
      const now = 100 * DAY_MS;
      fill(store, 2_500, now - DAY_MS);
      fill(store, 10, now, "new");
      const remove = () => removeExpired(store, DAY_MS / 2, now);
      expect(remove()).toEqual({ removed: 1_000, next: now });
      expect(store.findOldestSeen()).toBe(now - DAY_MS - 1_500);
      expect(remove()).toEqual({ removed: 1_000, next: now });
      expect(remove()).toEqual({ removed: 500, next: now - 10 + DAY_MS / 2 });
      expect(remove()).toEqual({ removed: 0, next: now - 10 + DAY_MS / 2 });
    });
  });

  test("looks again every day at the latest, and every second at the earliest", async () => {
    await runInDurableObject(openLedger(), (_, state) => {
      const store = new LedgerStore(state.storage);
      fill(store, 1, DAY_MS);
      expect(removeExpired(store, 7 * DAY_MS, DAY_MS).next).toBe(2 * DAY_MS);
      expect(removeExpired(store, 7 * DAY_MS, 8 * DAY_MS - 2).next).toBe(8 * DAY_MS + 998);
    });
  });

  test("counts from when a delivery was last seen, and every repetition is seen", async () => {
    const stub = openLedger();
    const name = `TEST_${crypto.randomUUID()}`;
    const secret = { type: "new", name, value: "v" } as const;
    await stub.deliver({ senderId: SENDER, id: undefined, secret });
    await runInDurableObject(stub, (_, { storage: { sql } }) => {
      sql.exec("UPDATE deliveries SET last_seen_at = ?", Date.now() - 8 * DAY_MS);
    });
    const again = await stub.deliver({ senderId: SENDER, id: undefined, secret });
    expect(again.delivered).toMatchObject({ replayed: true });
    await runDurableObjectAlarm(stub);
    expect((await stub.list(1, undefined)).deliveries).toMatchObject([{ state: "stored" }]);
  });
});

describe("an alarm", () => {
  test("that meets a broken configuration rings again in an hour, and then does its work", async () => {
    const stub = openLedger();
    await runInDurableObject(stub, async (ledger, state) => {
      fill(new LedgerStore(state.storage), 1, Date.now() - 8 * DAY_MS);
      const bindings = { ...env, SENDERS: "[]" };
      const broken = vi.spyOn(ledger as unknown as { env: Env }, "env", "get");
      broken.mockReturnValue(bindings);
      await expect(ledger.alarm()).rejects.toThrow("configuration");
      broken.mockRestore();
    });
    const ringsAgainIn = Number(await alarmOf(stub)) - Date.now();
    expect(Math.abs(ringsAgainIn - HOUR_MS)).toBeLessThan(5_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect((await stub.list(1, undefined)).deliveries).toEqual([]);
  });

  test("that finds the ledger empty while a first delivery is under way leaves one for it", async () => {
    const stub = openLedger();
    const name = `TEST_${crypto.randomUUID()}`;
    await inject({ kind: "delay", method: "GET", ms: 300, name });
    const secret = { type: "new", name, value: "v" } as const;
    const delivered = stub.deliver({ senderId: SENDER, id: "id", secret });
    await vi.waitFor(async () => expect(await alarmOf(stub)).not.toBeNull());
    expect((await lookUp(name)).posts).toBe(0);
    await runDurableObjectAlarm(stub);
    await delivered;
    expect(await alarmOf(stub)).not.toBeNull();
  });

  test("that is due after an eviction rings in the new object", async () => {
    const stub = openLedger();
    await runInDurableObject(stub, async (_, state) => {
      fill(new LedgerStore(state.storage), 1, Date.now() - 8 * DAY_MS);
      await state.storage.setAlarm(Date.now() + 300);
    });
    await evictDurableObject(stub);
    await vi.waitFor(async () => expect((await stub.list(1, undefined)).deliveries).toEqual([]), {
      timeout: 3_000,
    });
  });
});
