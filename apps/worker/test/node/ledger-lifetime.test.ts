import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { API_KEY, create, generateSender, type Rig, startRig } from "./rig.ts";

const NEW_API_KEY = "rotated-api-key-9876543210";
const SECONDS_PER_DAY = 86_400;

async function startOnDisk(env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "ledger-test-"));
  const storage = join(folder, "storage");
  const rig = await startRig(env, storage);
  onTestFinished(async () => {
    await rig.stop();
    await rm(folder, { recursive: true });
  });
  return { rig, storage };
}

const rotated = generateSender("rig");
const NEW_SENDERS = { SENDERS: JSON.stringify([rotated.sender]) };
const NEW_KEY = { ELEVENLABS_API_KEY: NEW_API_KEY };

/** Delivers with the rotated credentials, the id given or derived. */
async function createRotated(rig: Rig, name: string, value: string, id?: string) {
  const headers = { "xi-api-key": rotated.token, ...(id && { "idempotency-key": id }) };
  return create(rig, name, value, headers);
}

describe("credentials rotated between a delivery and its retry", () => {
  const ID = "rotation";
  async function deliverThenRestart(...rotations: Record<string, string>[]) {
    const { rig } = await startOnDisk();
    rig.upstream.upstream.setApiKeys({
      [API_KEY]: ["convai_write", "convai_read"],
      [NEW_API_KEY]: ["convai_write", "convai_read"],
    });
    await create(rig, "GIVEN", "v", { "idempotency-key": ID });
    await create(rig, "DERIVED", "v");
    let env = {};
    for (const rotation of rotations) {
      env = { ...env, ...rotation };
      await rig.restart(env);
      // The ledger meets each rotation with a delivery, as one in use does.
      const headers = "SENDERS" in env ? { "xi-api-key": rotated.token } : {};
      expect((await create(rig, "MEANWHILE", "v", headers)).status).toBe(200);
    }
    return rig;
  }

  test.each([
    ["the API key", [NEW_KEY]],
    ["the sender's credentials", [NEW_SENDERS]],
    ["one after the other", [NEW_KEY, NEW_SENDERS]],
    ["the other way round", [NEW_SENDERS, NEW_KEY]],
  ])("%s: the retry is a replay, with an id and without", async (_, rotations) => {
    const rig = await deliverThenRestart(...rotations);
    const isRotated = rotations.includes(NEW_SENDERS);
    const send = (name: string, id?: string) =>
      isRotated
        ? createRotated(rig, name, "v", id)
        : create(rig, name, "v", id === undefined ? {} : { "idempotency-key": id });
    expect(await send("GIVEN", ID)).toMatchObject({ status: 200, replayed: true });
    expect(await send("DERIVED")).toMatchObject({ status: 200, replayed: true });
    const reused = await createRotated(rig, "GIVEN", "other", ID);
    if (isRotated) expect(reused.body["code"]).toBe("idempotency_key_reused");
    expect(rig.upstream.upstream.received().POST).toBe(3);
  });

  test("all at once: an id's retry is still a replay, never a conflict, but under another name", async () => {
    const rig = await deliverThenRestart({ ...NEW_KEY, ...NEW_SENDERS });
    expect(await createRotated(rig, "GIVEN", "v", ID)).toMatchObject({
      status: 200,
      replayed: true,
    });
    const reused = await createRotated(rig, "OTHER", "v", ID);
    expect(reused).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  });

  test("all at once: without an id it is stored again, the limit the README names", async () => {
    const rig = await deliverThenRestart({ ...NEW_KEY, ...NEW_SENDERS });
    expect(await createRotated(rig, "DERIVED", "v")).toMatchObject({
      status: 200,
      replayed: false,
    });
  });
});

test("a sender removed and added again finds its ledger", async () => {
  const { rig } = await startOnDisk();
  const first = await create(rig, "KEPT", "v", { "idempotency-key": "kept" });
  const other = generateSender("other");
  await rig.restart({ SENDERS: JSON.stringify([other.sender]) });
  expect((await create(rig, "KEPT", "v", { "idempotency-key": "kept" })).status).toBe(401);
  await rig.restart();
  const again = await create(rig, "KEPT", "v", { "idempotency-key": "kept" });
  expect(again).toMatchObject({ status: 200, replayed: true, body: first.body });
});

test("the same secret pushed again and again is one while it is pushed, and forgotten after", async () => {
  const retentionMs = 2_000;
  const { rig } = await startOnDisk({
    LEDGER_RETENTION_DAYS: String(retentionMs / 1_000 / SECONDS_PER_DAY),
  });
  const end = Date.now() + 3 * retentionMs;
  while (Date.now() < end) {
    expect((await create(rig, "PUSHED", "v")).status).toBe(200);
    await sleep(retentionMs / 8);
  }
  expect(rig.upstream.upstream.received().postsByName["PUSHED"]).toBe(1);
  await sleep(2 * retentionMs);
  const response = await fetch(`${rig.worker().url}/v1/deliveries`, {
    headers: { "xi-api-key": rig.token },
  });
  expect(await response.json()).toEqual({ deliveries: [], next: null });
});

test("with RECONCILE=off an unknown outcome is never sent again, and nothing is listed", async () => {
  const { rig } = await startOnDisk({ RECONCILE: "off" });
  rig.upstream.upstream.inject({ kind: "drop", name: "OFF" });
  const key = { "idempotency-key": "off" };
  expect(await create(rig, "OFF", "v", key)).toMatchObject({
    status: 502,
    body: { code: "upstream_failed", outcome: "unknown" },
  });
  await sleep(1_100);
  expect(await create(rig, "OFF", "v", key)).toMatchObject({
    status: 409,
    body: { code: "outcome_unknown" },
  });
  expect(rig.upstream.upstream.received()).toMatchObject({ POST: 1, GET: 0 });
});

test("a process killed during the call leaves an unknown outcome, settled by listing", async () => {
  const { rig } = await startOnDisk();
  rig.upstream.upstream.inject({ kind: "hang", store: true, name: "KILLED" });
  const key = { "idempotency-key": "killed" };
  const first = create(rig, "KILLED", "v", key).catch(() => "connection lost");
  await sleep(300);
  await rig.restart();
  expect(await first).toBe("connection lost");
  const [secret] = rig.upstream.upstream.secrets();
  expect(await create(rig, "KILLED", "v", key)).toMatchObject({
    status: 200,
    body: { secret_id: secret?.secret_id },
  });
  expect(rig.upstream.upstream.received().POST).toBe(1);
});
