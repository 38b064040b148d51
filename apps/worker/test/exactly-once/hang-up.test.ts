import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { expectEachOnce } from "./support/books.ts";
import { deliver, send } from "./support/delivery.ts";
import { drawNumbers, SCALE, SEED } from "./support/draw.ts";
import { listDeliveries } from "./support/list-deliveries.ts";
import { startPersistent } from "./support/rig.ts";
import { Slots } from "./support/slots.ts";

const COUNT = 1_000 * SCALE;
const RATES = { storeThen502: 0.07, storeThenDrop: 0.07, dropBefore: 0.07, late: 0.07 };

test(`${COUNT} deliveries whose senders hang up at random moments are each stored once`, async () => {
  const rig = await startPersistent({ SETTLE_SECONDS: "2" });
  rig.upstream.upstream.setChaos({ seed: SEED, rates: RATES });
  const slots = new Slots();
  // What its sender hung up on goes on: more of them than the machine serves would pile up.
  const underWay = new Slots(48);
  const moments = drawNumbers(COUNT, 0, 50);
  const told = await Promise.all(
    moments.map(async (moment, index) => {
      const secret = { sender: rig, name: `N_${index}_`, value: `value ${index}` };
      const delivery = index % 2 === 0 ? { ...secret, id: `id-${index}`, isSigned: true } : secret;
      const hangUpsMs = [moment, Math.floor(moment / 2)];
      const ended = await underWay.use(() => deliver(rig, delivery, { slots, hangUpsMs }));
      return { delivery, ...ended };
    }),
  );
  expectEachOnce(told, rig.upstream.upstream.secrets());
  const unanswered = told.reduce((sum, delivery) => sum + delivery.unanswered, 0);
  expect(unanswered).toBeGreaterThan(COUNT / 10);
});

test("what a caller hung up on is recorded all the same: nobody has to redeliver it", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const delivery = { sender: rig, name: "LEFT", value: "v", id: "left" };
  upstream.inject({ kind: "delay", when: "after", ms: 500, name: "LEFT" });
  const hungUp = send(rig, delivery, AbortSignal.timeout(250));
  await expect(hungUp).rejects.toThrow();
  expect(upstream.received().POST).toBe(1);
  await vi.waitFor(async () => {
    const { body } = await listDeliveries(rig, rig);
    expect(body).toMatchObject({ deliveries: [{ id: "left", state: "stored", attempts: 1 }] });
  });
  expect(await send(rig, delivery)).toMatchObject({ status: 200, replayed: true });
  expect(upstream.received().POST).toBe(1);
});

test("who hangs up before the whole body is there has sent nothing", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const hangUp = new AbortController();
  const half = new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode('{"type":"new","name":"HALF"')),
  });
  const request = fetch(`${rig.worker().url}/v1/convai/secrets`, {
    method: "POST",
    headers: { authorization: `Bearer ${rig.token}`, "content-type": "application/json" },
    body: half,
    duplex: "half",
    signal: hangUp.signal,
  });
  await sleep(100);
  hangUp.abort();
  await expect(request).rejects.toThrow();
  await sleep(100);
  expect(upstream.received().total).toBe(0);
  expect((await listDeliveries(rig, rig)).body).toEqual({ deliveries: [], next: null });
});
