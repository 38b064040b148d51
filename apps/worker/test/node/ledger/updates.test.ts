import { expect, test } from "vitest";
import { createLedger, inOrder, LOST, NAME, patch, post, RATE_LIMITED } from "./ledger-fixtures.ts";

/** A ledger whose name has two secrets that `existing: create` made. */
async function createTwoSecrets() {
  const stack = createLedger();
  await stack.deliver("1", post("one", "create"));
  await stack.deliver("2", post("two", "create"));
  stack.world.now += 120_000;
  stack.calls.length = 0;
  return stack;
}

test("an update by id without an answer is repeated to the same secret, although the name has two", async () => {
  const { world, deliver, calls } = await createTwoSecrets();
  world.script = inOrder(LOST);
  expect(await deliver("3", patch("sec_1", "new"))).toMatchObject({
    kind: "stored",
    secret: { secret_id: "sec_1" },
  });
  expect(calls).toEqual(["PATCH sec_1 new", "PATCH sec_1 new"]);
});

test("an update without an answer is repeated to the same secret, although another one has appeared", async () => {
  const { world, deliver, secrets, calls } = createLedger();
  secrets.push({ secretId: "sec_by_hand", name: NAME, value: "old" });
  world.script = (value) => {
    world.script = () => "works";
    secrets.push({ secretId: "sec_other", name: NAME, value });
    return LOST;
  };
  expect(await deliver("1", post("new", "adopt"))).toMatchObject({
    kind: "stored",
    secret: { secret_id: "sec_by_hand" },
  });
  expect(calls).toEqual(["PATCH sec_by_hand new", "PATCH sec_by_hand new"]);
});

test("an update without an answer is repeated, although its retry asks to reject an existing name", async () => {
  const { world, deliver, calls } = createLedger();
  await deliver("1", post("old"));
  world.script = () => LOST;
  expect(await deliver("2", post("new"))).toMatchObject({ kind: "failed" });
  calls.length = 0;
  world.script = () => "works";
  expect(await deliver("2", { ...post("new"), existing: "reject" })).toMatchObject({
    kind: "stored",
    secret: { secret_id: "sec_1" },
  });
  expect(calls).toEqual(["PATCH sec_1 new"]);
});

test("an update by id that was not applied goes to the same secret again", async () => {
  const { world, deliver, calls } = await createTwoSecrets();
  world.script = inOrder(RATE_LIMITED);
  expect(await deliver("3", patch("sec_1", "new"))).toMatchObject({ kind: "failed" });
  expect(await deliver("3", patch("sec_1", "new"))).toMatchObject({
    kind: "stored",
    secret: { secret_id: "sec_1" },
  });
  expect(calls).toEqual(["PATCH sec_1 new", "PATCH sec_1 new"]);
});

test("an update by id whose name has another secret meanwhile is not sent to that", async () => {
  const { world, deliver, store, calls } = createLedger();
  await deliver("1", post("old"));
  world.script = inOrder(RATE_LIMITED);
  await deliver("2", patch("sec_1", "new"));
  store().names.save({ ...store().names.find(NAME), secretId: "sec_chosen" });
  calls.length = 0;
  const outcome = await deliver("2", patch("sec_1", "new"));
  expect(outcome).toEqual({ kind: "rejected", code: "secret_not_found" });
  expect(calls).toEqual([]);
});

test("an update by id without an answer whose name has another secret meanwhile is outcome_unknown", async () => {
  const { world, deliver, store, calls } = createLedger();
  await deliver("1", post("old"));
  world.script = () => LOST;
  await deliver("2", patch("sec_1", "new"));
  store().names.save({ ...store().names.find(NAME), secretId: "sec_chosen" });
  calls.length = 0;
  world.now += 120_000;
  const outcome = await deliver("2", patch("sec_1", "new"));
  expect(outcome).toEqual({ kind: "rejected", code: "outcome_unknown" });
  expect(calls).toEqual([]);
});

test("the id of an update that waited and was rejected can be used again with corrected content", async () => {
  const { world, deliver, store } = createLedger();
  await deliver("1", post("old"));
  world.script = () => LOST;
  await deliver("2", post("lost"));
  world.script = () => "works";
  expect(await deliver("3", patch("sec_1", "x"))).toMatchObject({ kind: "unsettled" });
  store().names.save({ ...store().names.find(NAME), secretId: "sec_2" });
  world.now += 120_000;
  expect(await deliver("3", patch("sec_1", "x"))).toMatchObject({ code: "secret_not_found" });
  expect(await deliver("3", patch("sec_2", "x"))).toMatchObject({
    kind: "stored",
    secret: { secret_id: "sec_2" },
  });
});
