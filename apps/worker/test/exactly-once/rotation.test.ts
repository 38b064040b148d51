import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { API_KEY, generateSender } from "../node/rig.ts";
import { send } from "./support/delivery.ts";
import { type PersistentRig, startPersistent } from "./support/rig.ts";

const NEW_API_KEY = "rotated-api-key-5d2c41";
const VALUE = "canary-value-0e7b93";

/** A rig whose upstream takes both keys, and the credentials that its sender is given later. */
async function startRotating() {
  const rig = await startPersistent();
  const permissions = ["convai_write", "convai_read"] as const;
  rig.upstream.upstream.setApiKeys({ [API_KEY]: permissions, [NEW_API_KEY]: permissions });
  return { rig, rotated: generateSender("rig") };
}

/** Lets a delivery's secret be stored and its outcome stay unknown. */
async function loseOutcome(
  rig: PersistentRig,
  delivery: Parameters<typeof send>[1],
): Promise<void> {
  const { upstream } = rig.upstream;
  upstream.inject({ kind: "delay", method: "GET", ms: 0 });
  upstream.inject({ kind: "drop", method: "GET" });
  upstream.inject({ kind: "drop", store: true });
  expect(await send(rig, delivery)).toMatchObject({ status: 502, body: { outcome: "unknown" } });
}

test.each([
  ["the API key", true, false],
  ["the sender's credentials", false, true],
  ["all of them at once", true, true],
])(
  "%s rotated while an outcome is unknown: the retry is settled, with its id, and not sent again",
  async (_, isKeyRotated, isSenderRotated) => {
    const { rig, rotated } = await startRotating();
    const { upstream } = rig.upstream;
    const delivery = { sender: rig, name: "LOST", value: VALUE, id: "lost" };
    await loseOutcome(rig, delivery);
    await rig.restart({
      ...(isKeyRotated ? { ELEVENLABS_API_KEY: NEW_API_KEY } : {}),
      ...(isSenderRotated ? { SENDERS: JSON.stringify([rotated.sender]) } : {}),
    });
    const retry = { ...delivery, sender: isSenderRotated ? rotated : rig };
    const [secret] = upstream.secrets();
    expect(await send(rig, retry)).toMatchObject({
      status: 200,
      body: { secret_id: secret?.secret_id },
    });
    expect(await send(rig, retry)).toMatchObject({ status: 200, replayed: true });
    expect(upstream.received().POST).toBe(1);
  },
);

test("all rotated at once, a derived id whose outcome is unknown: no conflict; it is stored again", async () => {
  const { rig, rotated } = await startRotating();
  const { upstream } = rig.upstream;
  await loseOutcome(rig, { sender: rig, name: "LOST", value: VALUE });
  await rig.restart({
    ELEVENLABS_API_KEY: NEW_API_KEY,
    SENDERS: JSON.stringify([rotated.sender]),
  });
  const answer = await send(rig, { sender: rotated, name: "LOST", value: VALUE });
  expect(answer).toMatchObject({ status: 200, replayed: false });
  expect(upstream.secrets()).toHaveLength(2);
});

test("nothing on the disk tells a value, a key, a token or a signing secret, before and after a rotation", async () => {
  const { rig, rotated } = await startRotating();
  const { upstream } = rig.upstream;
  const delivery = { sender: rig, name: "STORED_NAME", value: VALUE };
  await loseOutcome(rig, { ...delivery, id: "unknown" });
  upstream.inject({ kind: "answer", status: 422 });
  await send(rig, { ...delivery, id: "refused" });
  await send(rig, delivery);
  upstream.inject({ kind: "hang" });
  const pending = send(rig, { ...delivery, id: "pending" }).catch(() => undefined);
  await sleep(200);
  // SIGKILL: nobody tidies the write-ahead log away.
  await rig.restart({ ELEVENLABS_API_KEY: NEW_API_KEY });
  await pending;
  await rig.restart({ SENDERS: JSON.stringify([rotated.sender]) });
  await send(rig, { ...delivery, sender: rotated });
  await rig.worker().kill();

  const bytes = await readFolder(rig.storage);
  expect(bytes.includes("STORED_NAME")).toBe(true);
  const texts = [VALUE, API_KEY, NEW_API_KEY];
  for (const { token, signingSecret, sender } of [{ ...rig, sender: undefined }, rotated]) {
    const [, hash = token] = sender?.tokenHashes[0]?.split(":") ?? [];
    texts.push(token, hash, signingSecret, signingSecret.slice("whsec_".length));
  }
  const secrets = texts.flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text, "base64"),
    Buffer.from(text, "hex"),
  ]);
  const found = secrets.filter((secret) => secret.length >= 12 && bytes.includes(secret));
  expect(found.map((secret) => secret.toString())).toEqual([]);
});

async function readFolder(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))),
  );
}
