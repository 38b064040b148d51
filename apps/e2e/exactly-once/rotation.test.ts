import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createTestSender,
  formatSenders,
  sendDelivery,
  type TestDelivery,
  type TestStack,
} from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

const NEW_API_KEY = "rotated-api-key-5d2c41";
const VALUE = "canary-value-0e7b93";

/** A stack whose upstream accepts both API keys, and the sender's later credentials. */
async function startRotating() {
  const stack = await startStackForTest();
  const permissions = ["convai_write", "convai_read"] as const;
  stack.upstream.setApiKeys({ [stack.apiKey]: permissions, [NEW_API_KEY]: permissions });
  return { stack, rotated: await createTestSender() };
}

/** Lets a delivery's secret be stored and its outcome stay unknown. */
async function loseOutcome(stack: TestStack, delivery: TestDelivery): Promise<void> {
  const { upstream } = stack;
  upstream.inject({ kind: "delay", method: "GET", ms: 0 });
  upstream.inject({ kind: "drop", method: "GET" });
  upstream.inject({ kind: "drop", store: true });
  expect(await sendDelivery(stack, delivery)).toMatchObject({
    status: 502,
    body: { outcome: "unknown" },
  });
}

test.each([
  ["the API key", true, false],
  ["the sender's credentials", false, true],
  ["all of them at once", true, true],
])(
  "%s rotated while an outcome is unknown: the retry is settled and not sent again",
  async (_, isKeyRotated, isSenderRotated) => {
    const { stack, rotated } = await startRotating();
    const { upstream } = stack;
    const delivery = { name: "LOST", value: VALUE, id: "lost" };
    await loseOutcome(stack, delivery);
    await stack.restart({
      ...(isKeyRotated ? { ELEVENLABS_API_KEY: NEW_API_KEY } : {}),
      ...(isSenderRotated ? { SENDERS: formatSenders([rotated]) } : {}),
    });
    const retry = { ...delivery, sender: isSenderRotated ? rotated : stack.sender };
    const [secret] = upstream.secrets();
    expect(await sendDelivery(stack, retry)).toMatchObject({
      status: 200,
      body: { secret_id: secret?.secret_id },
    });
    expect(await sendDelivery(stack, retry)).toMatchObject({ status: 200, replayed: true });
    expect(upstream.received().POST).toBe(1);
  },
);

test("every other credential replaced at once while the outcome of a derived id is unknown: the retry is settled and not sent again", async () => {
  const { stack, rotated } = await startRotating();
  const { upstream } = stack;
  await loseOutcome(stack, { name: "LOST", value: VALUE });
  await stack.restart({
    ELEVENLABS_API_KEY: NEW_API_KEY,
    SENDERS: formatSenders([rotated]),
  });
  const answer = await sendDelivery(stack, { sender: rotated, name: "LOST", value: VALUE });
  const [secret, ...more] = upstream.secrets();
  expect(answer).toMatchObject({ status: 200, body: { secret_id: secret?.secret_id } });
  expect(more).toEqual([]);
});

test("the ledger's files contain no value, key, token or signing secret, before and after a rotation", async () => {
  const { stack, rotated } = await startRotating();
  const { upstream } = stack;
  const delivery = { name: "STORED_NAME", value: VALUE };
  await loseOutcome(stack, { ...delivery, id: "unknown" });
  upstream.inject({ kind: "answer", status: 422 });
  await sendDelivery(stack, { ...delivery, id: "refused" });
  await sendDelivery(stack, delivery);
  upstream.inject({ kind: "hang" });
  const posts = upstream.received().POST;
  const pending = sendDelivery(stack, { ...delivery, id: "pending" }).catch(() => undefined);
  await expect.poll(() => upstream.received().POST, { timeout: 10_000 }).toBe(posts + 1);
  // SIGKILL leaves the write-ahead log as it is.
  await stack.restart({ ELEVENLABS_API_KEY: NEW_API_KEY });
  await pending;
  await stack.restart({ SENDERS: formatSenders([rotated]) });
  await sendDelivery(stack, { ...delivery, sender: rotated });
  await stack.kill();

  const bytes = await readFolder(stack.storage);
  expect(bytes.includes("STORED_NAME")).toBe(true);
  const texts = [VALUE, stack.apiKey, stack.ledgerKey, NEW_API_KEY];
  for (const { token, signingSecret, policy } of [stack.sender, rotated]) {
    const [, hash = token] = policy.tokenHashes?.[0]?.split(":") ?? [];
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
