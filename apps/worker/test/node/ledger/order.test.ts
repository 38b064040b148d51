import { expect, test } from "vitest";
import { createLedger, LOST, post } from "./ledger-fixtures.ts";

test("a delivery after a restart is newer than one that waited before it, although the clock is behind", async () => {
  const { world, deliver, restart, calls } = createLedger();
  await deliver("1", post("old"));
  world.script = () => LOST;
  await deliver("2", post("lost"));
  world.script = () => "works";
  expect(await deliver("3", post("waits"))).toMatchObject({ kind: "unsettled" });
  restart();
  world.now -= 5_000;
  expect(await deliver("4", post("newest"))).toMatchObject({ kind: "unsettled" });
  world.now += 120_000;
  calls.length = 0;
  expect(await deliver("4", post("newest"))).toMatchObject({ kind: "stored" });
  expect(await deliver("3", post("waits"))).toEqual({ kind: "rejected", code: "superseded" });
  expect(calls).toEqual(["PATCH sec_1 newest"]);
});
