import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { LedgerStore } from "../../src/ledger/store.ts";
import { inject, lookUp } from "./upstream.ts";
import { VALUE } from "./worker.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A ledger of its own for each test. */
function newLedger() {
  const stub = env.LEDGER.getByName(crypto.randomUUID());
  const name = `TEST_${crypto.randomUUID()}`;
  const deliver = async (id = "id", value = VALUE) => {
    const secret = { type: "new", name, value } as const;
    return (await stub.deliver({ senderId: "main", id, secret })).delivered;
  };
  return { stub, name, deliver };
}

/** Fills a ledger with deliveries last seen at a time. */
async function fill(stub: DurableObjectStub<Ledger>, count: number, seenAt: number): Promise<void> {
  await runInDurableObject(stub, (_, state) => {
    const store = new LedgerStore(state.storage);
    const fingerprint = { keyId: "key", digest: "digest" };
    for (let index = 0; index < count; index += 1) {
      const delivery = {
        state: "refused",
        attempts: 1,
        startedAt: seenAt,
        baseline: null,
      } as const;
      store.save(`old-${index}`, { name: "OLD", fingerprint, delivery }, seenAt);
    }
  });
}

const alarmOf = (stub: DurableObjectStub<Ledger>) =>
  runInDurableObject(stub, (_, state) => state.storage.getAlarm());

describe("an object that is evicted", () => {
  test("between a delivery and its repetition answers from storage", async () => {
    const { stub, name, deliver } = newLedger();
    const first = await deliver();
    await evictDurableObject(stub);
    expect(await deliver()).toEqual({ ...first, replayed: true });
    expect((await lookUp(name)).posts).toBe(1);
  });

  test("with a call nobody owns any more treats it as unknown: listed for, not sent again", async () => {
    const { stub, name, deliver } = newLedger();
    await inject({ kind: "answer", status: 502, name });
    await deliver();
    await runInDurableObject(stub, (_, state) => {
      state.storage.sql.exec("UPDATE deliveries SET state = 'pending'");
    });
    await evictDurableObject(stub);
    expect(await deliver()).toMatchObject({ kind: "unsettled" });
    expect((await lookUp(name)).posts).toBe(1);
  });
});

describe("the alarm", () => {
  test("is set by the first delivery, for the end of its retention", async () => {
    const { stub, deliver } = newLedger();
    const before = Date.now();
    await deliver();
    const alarm = (await alarmOf(stub)) ?? 0;
    expect(alarm - before).toBeGreaterThanOrEqual(7 * DAY_MS);
    expect(alarm - Date.now()).toBeLessThanOrEqual(7 * DAY_MS);
  });

  test("removes what is past its retention in batches, and nothing else", async () => {
    const { stub, deliver } = newLedger();
    await fill(stub, 2_500, Date.now() - 8 * DAY_MS);
    await deliver("recent");
    const remaining: number[] = [];
    for (let ring = 0; ring < 3; ring += 1) {
      await runDurableObjectAlarm(stub);
      const { deliveries } = await stub.list(100, undefined);
      remaining.push(await count(stub));
      expect(deliveries[0]?.id).toBe("recent");
    }
    expect(remaining).toEqual([1_501, 501, 1]);
    expect(await alarmOf(stub)).toBeGreaterThan(Date.now());
  });

  test("that fails rings again, and the next one does its work", async () => {
    const { stub } = newLedger();
    await fill(stub, 1, Date.now() - 8 * DAY_MS);
    await runInDurableObject(stub, async (ledger, state) => {
      await state.storage.setAlarm(Date.now() + DAY_MS);
      const fault = vi.spyOn(LedgerStore.prototype, "removeUnseen").mockImplementationOnce(() => {
        throw new Error("disk fault");
      });
      await expect(ledger.alarm()).rejects.toThrow("disk fault");
      expect(fault).toHaveBeenCalledOnce();
      fault.mockRestore();
    });
    expect(await alarmOf(stub)).toBeGreaterThan(Date.now());
    await runDurableObjectAlarm(stub);
    expect(await count(stub)).toBe(0);
  });

  test("that was lost is set again by the next delivery", async () => {
    const { stub, deliver } = newLedger();
    await deliver("one");
    await runInDurableObject(stub, (_, state) => state.storage.deleteAlarm());
    await evictDurableObject(stub);
    await deliver("two");
    expect(await alarmOf(stub)).not.toBeNull();
  });

  test("of an empty ledger rings no more, until a delivery comes", async () => {
    const { stub, deliver } = newLedger();
    await fill(stub, 1, Date.now() - 8 * DAY_MS);
    await runInDurableObject(stub, (_, state) => state.storage.setAlarm(Date.now() + DAY_MS));
    await runDurableObjectAlarm(stub);
    expect(await alarmOf(stub)).toBeNull();
    await deliver();
    expect(await alarmOf(stub)).not.toBeNull();
  });
});

function count(stub: DurableObjectStub<Ledger>): Promise<number> {
  return runInDurableObject(
    stub,
    (_, state) =>
      state.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM deliveries").one().n,
  );
}
