import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLedger, LOST, post } from "./ledger-fixtures.ts";

/** Puts a newer ledger key before the one so far, as a new version of the Worker does. */
function rotate({ world, restart }: ReturnType<typeof createLedger>): void {
  world.keys = ["key 2", ...world.keys];
  restart();
}

test("after a rotation of the ledger key, a dry run of a stored delivery without an id is a replay", async () => {
  const stack = createLedger();
  await stack.deliver(undefined, post("value"));
  rotate(stack);
  expect(await stack.deliver(undefined, post("value"), true)).toMatchObject({ would: "replay" });
});

test("a stored delivery that is repeated after a rotation of the ledger key stays stored", async () => {
  const stack = createLedger();
  await stack.deliver(undefined, post("value"));
  rotate(stack);
  expect(await stack.deliver(undefined, post("value"))).toMatchObject({ replayed: true });
  stack.restart();
  const states = stack.store().deliveries.list("ci", 10, Number.MAX_SAFE_INTEGER);
  expect(states.map(({ state }) => state)).toEqual(["stored"]);
  stack.world.reconcile = false;
  expect(await stack.deliver("next", post("next"))).toMatchObject({ kind: "stored" });
  expect(stack.calls).toEqual(["POST value", "PATCH sec_1 next"]);
});

test("a create without an outcome is settled after a rotation of the ledger key", async () => {
  const stack = createLedger();
  stack.world.script = () => LOST;
  stack.world.listing = { kind: "listed", ids: [], similar: [], unreadable: false };
  await stack.deliver(undefined, post("value"));
  rotate(stack);
  await stack.deliver(undefined, post("value"));
  stack.world.script = () => "works";
  stack.world.listing = undefined;
  stack.world.now += 120_000;
  expect(await stack.deliver("next", post("next"))).toMatchObject({
    kind: "stored",
    secret: { secret_id: "sec_1" },
  });
  expect(stack.calls).toEqual(["POST value", "PATCH sec_1 next"]);
});

test("a create that another delivery settles while its retry comes under the newer key is sent once", async () => {
  const stack = createLedger();
  stack.world.script = () => LOST;
  stack.world.listing = { kind: "listed", ids: [], similar: [], unreadable: false };
  await stack.deliver(undefined, post("value", "create"));
  rotate(stack);
  stack.world.script = () => "works";
  stack.world.listing = undefined;
  stack.world.now += 120_000;
  const { promise, resolve } = Promise.withResolvers<void>();
  stack.world.pause = promise;
  const other = stack.deliver("other", post("other", "reject"));
  // It holds the name now, and has the open create in memory.
  await setImmediate();
  const retry = () => stack.deliver(undefined, post("value", "create"));
  expect(await retry()).toMatchObject({ kind: "unsettled" });
  resolve();
  expect(await other).toEqual({ kind: "rejected", code: "name_taken" });
  expect(await retry()).toMatchObject({ kind: "stored", secret: { secret_id: "sec_1" } });
  expect(stack.calls).toEqual(["POST value"]);
});

test("what the operator has to decide about a delivery has the delivery's id after a rotation of the ledger key", async () => {
  const stack = createLedger();
  stack.world.script = () => LOST;
  stack.world.reconcile = false;
  await stack.deliver(undefined, post("value"));
  rotate(stack);
  await stack.deliver(undefined, post("value"));
  const [delivery] = stack.store().deliveries.list("ci", 10, Number.MAX_SAFE_INTEGER);
  expect(delivery?.keyId).toBe("key 2");
  expect(stack.store().operator.listDecisions(10)).toMatchObject([{ deliveryId: delivery?.id }]);
});
