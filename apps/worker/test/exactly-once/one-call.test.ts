import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Delivery, send } from "./support/delivery.ts";
import { startPersistent } from "./support/rig.ts";

test.each<[string, Partial<Delivery>]>([
  ["with a signed id", { id: "crowd", isSigned: true }],
  ["with an Idempotency-Key", { id: "crowd" }],
  ["without an id", {}],
])("200 connections at once with one delivery, %s: one POST, 200 equal answers", async (_, how) => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  upstream.inject({ kind: "delay", ms: 500, name: "CROWD" });
  const delivery = { sender: rig, name: "CROWD", value: "v", ...how };
  const answers = await Promise.all(Array.from({ length: 200 }, () => send(rig, delivery)));
  const [secret] = upstream.secrets();
  const told = { type: "stored", secret_id: secret?.secret_id, name: "CROWD" };
  for (const { status, body } of answers) expect([status, body]).toEqual([200, told]);
  expect(upstream.received()).toMatchObject({ POST: 1, GET: 1 });
  expect(await send(rig, delivery)).toMatchObject({ status: 200, body: told, replayed: true });
  expect(upstream.received().POST).toBe(1);
});

test("other content under an id is refused before, during and after its call, and sends nothing", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  const delivery = { sender: rig, name: "MINE", value: "v", id: "reused" };
  const reused = { status: 422, body: { code: "idempotency_key_reused", outcome: "not_created" } };
  const others = [
    { ...delivery, value: "other" },
    { ...delivery, name: "OTHER" },
    { ...delivery, value: "other", isSigned: true },
  ];
  const expectRefused = async () => {
    for (const other of others) expect(await send(rig, other)).toMatchObject(reused);
  };

  // Not even recorded yet: the listing before the first call is under way.
  upstream.inject({ kind: "delay", method: "GET", ms: 300, name: "MINE" });
  upstream.inject({ kind: "delay", ms: 300, name: "MINE" });
  const first = send(rig, delivery);
  await sleep(100);
  await expectRefused();
  expect(upstream.received().POST).toBe(0);
  await sleep(300);
  await expectRefused();
  expect((await first).status).toBe(200);
  await expectRefused();
  await rig.restart();
  await expectRefused();
  expect(upstream.received().POST).toBe(1);
});

test("other content under an id is refused as well when upstream refused the first or its outcome is unknown", async () => {
  const rig = await startPersistent();
  const { upstream } = rig.upstream;
  upstream.inject({ kind: "answer", status: 422, name: "REFUSED" });
  upstream.inject({ kind: "drop", name: "UNKNOWN" });
  for (const name of ["REFUSED", "UNKNOWN"]) {
    const delivery = { sender: rig, name, value: "v", id: name };
    expect((await send(rig, delivery)).status).toBe(name === "REFUSED" ? 422 : 502);
    expect(await send(rig, { ...delivery, value: "other" })).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
  }
  expect(upstream.received().POST).toBe(2);
});
