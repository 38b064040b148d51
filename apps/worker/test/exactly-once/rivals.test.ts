import { expect, test } from "vitest";
import { expectEachOnce } from "./support/books.ts";
import { deliver, send } from "./support/delivery.ts";
import { SCALE, SEED } from "./support/draw.ts";
import { type PersistentRig, startPersistent } from "./support/rig.ts";
import { Slots } from "./support/slots.ts";

const UNKNOWN = { status: 409, body: { code: "outcome_unknown" } };

/** Two deliveries of one name, neither of which sees the other's secret before its own call. */
function createRivals(rig: PersistentRig, name: string) {
  rig.upstream.upstream.inject({
    kind: "delay",
    method: "GET",
    when: "after",
    ms: 200,
    times: 2,
    name,
  });
  return [1, 2].map((count) => ({
    sender: rig,
    name,
    value: `${name} ${count}`,
    id: `${name}-${count}`,
  }));
}

test("two ids of one name at once, one answered late, one not: both are stored, each gets its own", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const rivals = createRivals(rig, "LATE");
  upstream.inject({ kind: "delay", when: "after", ms: 700, name: "LATE" });
  upstream.inject({ kind: "answer", status: 502, store: true, name: "LATE" });
  const slots = new Slots(2);
  const told = await Promise.all(
    rivals.map(async (delivery) => ({ delivery, ...(await deliver(rig, delivery, { slots })) })),
  );
  expectEachOnce(told, upstream.secrets());
  expect(upstream.received().POST).toBe(2);
});

test("two ids of one name, both unknown, one secret: neither is told it, neither is sent again", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const rivals = createRivals(rig, "EITHER");
  upstream.inject({ kind: "drop", store: true, name: "EITHER" });
  upstream.inject({ kind: "drop", name: "EITHER" });
  const slots = new Slots(2);
  const ended = await Promise.all(rivals.map((delivery) => deliver(rig, delivery, { slots })));
  for (const { answer } of ended) expect(answer).toMatchObject(UNKNOWN);
  expect(upstream.received().POST).toBe(2);

  const [third] = createRivals(rig, "EITHER");
  upstream.clearFaults();
  upstream.inject({ kind: "drop", store: true, name: "EITHER" });
  if (third === undefined) throw new Error("There are two");
  const later = await send(rig, { ...third, id: "third", value: "3" });
  expect(later).toMatchObject({
    status: 200,
    body: { secret_id: upstream.secrets()[1]?.secret_id },
  });
});

test("names shared by two ids, through random faults: nothing twice, no wrong id, else 409", async () => {
  const count = 300 * SCALE;
  const rig = await startPersistent({ SETTLE_SECONDS: "2" });
  const { upstream } = rig.upstream;
  upstream.setChaos({
    seed: SEED,
    rates: { storeThen502: 0.2, storeThenDrop: 0.1, dropBefore: 0.1, late: 0.1 },
  });
  const slots = new Slots();
  const ended = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const name = `SHARED_${Math.floor(index / 2)}_`;
      const delivery = { sender: rig, name, value: `value ${index}`, id: `shared-${index}` };
      return { delivery, ...(await deliver(rig, delivery, { slots })) };
    }),
  );
  const told = ended.filter(({ answer }) => answer.status === 200);
  const untold = ended.filter(({ answer }) => answer.status !== 200);
  for (const { answer } of untold) expect(answer).toMatchObject(UNKNOWN);
  const undecided = new Set(untold.map(({ delivery }) => delivery.value));
  const secrets = upstream.secrets();
  expect(new Set(secrets.map(({ value }) => value)).size).toBe(secrets.length);
  expectEachOnce(
    told,
    secrets.filter(({ value }) => !undecided.has(value)),
  );
  expect(told.length).toBeGreaterThan(count / 2);
});
