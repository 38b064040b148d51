import { setTimeout as sleep } from "node:timers/promises";
import { generateLedgerKey } from "@convai-secrets/protocol";
import {
  createTestSender,
  DISK,
  formatSenders,
  sendDelivery,
  type TestStack,
} from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

const NEW_API_KEY = "rotated-api-key-9876543210";
const SECONDS_PER_DAY = 86_400;

async function startOnDisk(env: Record<string, string> = {}) {
  return startStackForTest({ disk: DISK, env });
}

const rotated = await createTestSender();
const NEW_SENDERS = { SENDERS: formatSenders([rotated]) };
const NEW_KEY = { ELEVENLABS_API_KEY: NEW_API_KEY };

/** Delivers with the rotated credentials, the id given or derived. */
async function createRotated(stack: TestStack, name: string, value: string, id?: string) {
  return sendDelivery(stack, { sender: rotated, name, value, ...(id !== undefined && { id }) });
}

describe("credentials rotated between a delivery and its retry", () => {
  const ID = "rotation";
  async function deliverThenRestart(...rotations: Record<string, string>[]) {
    const stack = await startOnDisk();
    stack.upstream.setApiKeys({
      [stack.apiKey]: ["convai_write", "convai_read"],
      [NEW_API_KEY]: ["convai_write", "convai_read"],
    });
    await sendDelivery(stack, { name: "GIVEN", value: "v", id: ID });
    await sendDelivery(stack, { name: "DERIVED", value: "v" });
    let env = {};
    for (const rotation of rotations) {
      env = { ...env, ...rotation };
      await stack.restart(env);
      // The ledger meets each rotation with a delivery, as one in use does.
      const sender = "SENDERS" in env ? rotated : stack.sender;
      expect((await sendDelivery(stack, { name: "MEANWHILE", value: "v", sender })).status).toBe(
        200,
      );
    }
    return stack;
  }

  test.each([
    ["the API key", [NEW_KEY]],
    ["the sender's credentials", [NEW_SENDERS]],
    ["one after the other", [NEW_KEY, NEW_SENDERS]],
    ["the other way round", [NEW_SENDERS, NEW_KEY]],
  ])("a rotation of %s: the retry is a replay, with an id and without", async (_, rotations) => {
    const stack = await deliverThenRestart(...rotations);
    const isRotated = rotations.includes(NEW_SENDERS);
    const send = (name: string, id?: string) =>
      sendDelivery(stack, {
        sender: isRotated ? rotated : stack.sender,
        name,
        value: "v",
        ...(id !== undefined && { id }),
      });
    expect(await send("GIVEN", ID)).toMatchObject({ status: 200, replayed: true });
    expect(await send("DERIVED")).toMatchObject({ status: 200, replayed: true });
    const reused = await createRotated(stack, "GIVEN", "other", ID);
    if (isRotated) expect(reused.body["code"]).toBe("idempotency_key_reused");
    expect(stack.upstream.received().POST).toBe(3);
  });

  test("all credentials replaced at once: the retry of an id is a replay, and another name under it is rejected", async () => {
    const stack = await deliverThenRestart({ ...NEW_KEY, ...NEW_SENDERS });
    expect(await createRotated(stack, "GIVEN", "v", ID)).toMatchObject({
      status: 200,
      replayed: true,
    });
    const reused = await createRotated(stack, "OTHER", "v", ID);
    expect(reused).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  });

  test("every other credential replaced at once changes nothing about a delivery without an id", async () => {
    const stack = await deliverThenRestart({ ...NEW_KEY, ...NEW_SENDERS });
    expect(await createRotated(stack, "DERIVED", "v")).toMatchObject({
      status: 200,
      replayed: true,
    });
  });

  test("a second ledger key, newer first, changes nothing about any delivery", async () => {
    const stack = await startOnDisk();
    await sendDelivery(stack, { name: "GIVEN", value: "v", id: ID });
    await sendDelivery(stack, { name: "DERIVED", value: "v" });
    await stack.restart({ LEDGER_KEY: `${generateLedgerKey()} ${stack.ledgerKey}` });
    for (const delivery of [
      { name: "GIVEN", value: "v", id: ID },
      { name: "DERIVED", value: "v" },
    ]) {
      expect(await sendDelivery(stack, delivery)).toMatchObject({ status: 200, replayed: true });
    }
    expect(await sendDelivery(stack, { name: "GIVEN", value: "other", id: ID })).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    expect(stack.upstream.received().POST).toBe(2);
  });
});

test("a sender removed and added again finds its ledger", async () => {
  const stack = await startOnDisk();
  const first = await sendDelivery(stack, { name: "KEPT", value: "v", id: "kept" });
  const other = await createTestSender("other");
  await stack.restart({ SENDERS: formatSenders([other]) });
  expect((await sendDelivery(stack, { name: "KEPT", value: "v", id: "kept" })).status).toBe(401);
  await stack.restart();
  const again = await sendDelivery(stack, { name: "KEPT", value: "v", id: "kept" });
  expect(again).toMatchObject({ status: 200, replayed: true, body: first.body });
});

test("a secret that is pushed repeatedly stays one delivery, and is forgotten after the retention", async () => {
  const retentionMs = 2_000;
  const stack = await startOnDisk({
    LEDGER_RETENTION_DAYS: String(retentionMs / 1_000 / SECONDS_PER_DAY),
  });
  const end = Date.now() + 3 * retentionMs;
  while (Date.now() < end) {
    expect((await sendDelivery(stack, { name: "PUSHED", value: "v" })).status).toBe(200);
    await sleep(retentionMs / 8);
  }
  expect(stack.upstream.received().postsByName["PUSHED"]).toBe(1);
  await sleep(2 * retentionMs);
  const response = await fetch(`${stack.url}/v1/deliveries`, {
    headers: { "xi-api-key": stack.sender.token },
  });
  expect(await response.json()).toEqual({ deliveries: [], next: null });
});

test("with RECONCILE=off an unknown outcome is 409 at once, is never sent again, and nothing is listed", async () => {
  const stack = await startOnDisk({ RECONCILE: "off" });
  stack.upstream.inject({ kind: "drop", name: "OFF" });
  const key = "off";
  expect(await sendDelivery(stack, { name: "OFF", value: "v", id: key })).toMatchObject({
    status: 409,
    body: { code: "outcome_unknown", outcome: "unknown" },
  });
  await sleep(1_100);
  expect(await sendDelivery(stack, { name: "OFF", value: "v", id: key })).toMatchObject({
    status: 409,
    body: { code: "outcome_unknown" },
  });
  expect(stack.upstream.received()).toMatchObject({ POST: 1, GET: 0 });
});

test("a process killed during the call leaves an unknown outcome, settled by listing", async () => {
  const stack = await startOnDisk();
  stack.upstream.inject({ kind: "hang", store: true, name: "KILLED" });
  const key = "killed";
  const first = sendDelivery(stack, { name: "KILLED", value: "v", id: key }).catch(
    () => "connection lost",
  );
  await expect.poll(() => stack.upstream.secrets().length, { timeout: 10_000 }).toBe(1);
  await stack.restart();
  expect(await first).toBe("connection lost");
  const [secret] = stack.upstream.secrets();
  expect(await sendDelivery(stack, { name: "KILLED", value: "v", id: key })).toMatchObject({
    status: 200,
    body: { secret_id: secret?.secret_id },
  });
  expect(stack.upstream.received().POST).toBe(1);
});
