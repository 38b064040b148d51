import { setTimeout as sleep } from "node:timers/promises";
import { createTestSender, sendDelivery, type TestStack } from "@convai-secrets/testing";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { expect, test } from "vitest";
import { createElsewhere } from "../support/create-elsewhere.ts";
import { startStackForTest } from "../support/start-stack.ts";

async function startUpdating(existing: "update" | "adopt" | "reject" = "update") {
  return startStackForTest({ senders: [await createTestSender("vault", { existing })] });
}

const valuesOf = ({ upstream }: TestStack, name: string) =>
  upstream
    .secrets()
    .filter((secret) => secret.name === name)
    .map(({ value }) => value);

/** Sends a delivery that has to wait for another, as often as the Worker asks for. */
async function sendUntilStored(
  stack: TestStack,
  delivery: Parameters<typeof sendDelivery>[1],
): Promise<void> {
  let answer = await sendDelivery(stack, delivery);
  while (answer.status === 503) {
    await sleep((answer.retryAfter ?? 1) * 1_000);
    answer = await sendDelivery(stack, delivery);
  }
  expect(answer.status).toBe(200);
}

test.each([
  [
    "an update that lands late cannot restore the old value, because the next write waits for it",
    // The first call of the second value times out and is applied 2 s after the Worker gave up.
    { kind: "hang", store: { afterMs: 5_500 } },
    { status: 200 },
  ],
  [
    "an update that was answered 502 and lands late cannot overwrite a newer value",
    // A gateway answers in the API's own error shape, and the call goes on behind it.
    { kind: "answer", status: 502, store: { afterMs: 1_500 }, times: 3 },
    { status: 502, body: { code: "upstream_failed" } },
  ],
] as const)("%s", async (_, fault, expected) => {
  const stack = await startUpdating();
  const { upstream } = stack;
  await sendDelivery(stack, { name: "LATE", value: "first value" });
  upstream.inject({ ...fault, method: "PATCH", name: "LATE" });
  const second = await sendDelivery(stack, { name: "LATE", value: "second value", id: "second" });
  expect(second).toMatchObject(expected);
  await sendUntilStored(stack, { name: "LATE", value: "third value", id: "third" });
  await sleep(2_000);
  expect(valuesOf(stack, "LATE")).toEqual(["third value"]);
  expect(upstream.received().overlapsByName).toEqual({});
});

test("a secret that was deleted in the workspace is created again by the next update", async () => {
  const stack = await startUpdating();
  const first = await sendDelivery(stack, { name: "DELETED", value: "first value" });
  await fetch(`${stack.upstreamUrl}/v1/convai/secrets/${first.body["secret_id"]}`, {
    method: "DELETE",
    headers: { "xi-api-key": stack.apiKey },
  });
  const second = await sendDelivery(stack, { name: "DELETED", value: "second value" });
  expect(second).toMatchObject({ status: 200 });
  expect(second.body["secret_id"]).not.toBe(first.body["secret_id"]);
  expect(valuesOf(stack, "DELETED")).toEqual(["second value"]);
});

test("update rejects a name that someone else created, and adopt takes it over if it is the only one", async () => {
  const updating = await startUpdating("update");
  await createElsewhere(updating, "FOREIGN");
  expect(await sendDelivery(updating, { name: "FOREIGN", value: "mine" })).toMatchObject({
    status: 409,
    body: { code: "name_not_managed", outcome: "not_applied" },
  });

  const adopting = await startUpdating("adopt");
  const secretId = await createElsewhere(adopting, "FOREIGN");
  for (const value of ["adopted value", "rotated value"]) {
    expect(await sendDelivery(adopting, { name: "FOREIGN", value })).toMatchObject({
      status: 200,
      body: { secret_id: secretId },
    });
  }
  await createElsewhere(adopting, "TWO");
  await createElsewhere(adopting, "TWO");
  expect(await sendDelivery(adopting, { name: "TWO", value: "mine" })).toMatchObject({
    status: 409,
    body: { code: "name_ambiguous" },
  });
  expect(valuesOf(adopting, "FOREIGN")).toEqual(["rotated value"]);
});

test("reject creates a name once and then answers name_taken, also by the request header", async () => {
  const stack = await startUpdating("reject");
  expect((await sendDelivery(stack, { name: "ONCE", value: "first value" })).status).toBe(200);
  expect(await sendDelivery(stack, { name: "ONCE", value: "second value" })).toMatchObject({
    status: 409,
    body: { code: "name_taken" },
  });
  const updating = await startUpdating();
  await sendDelivery(updating, { name: "ONCE", value: "first value" });
  const headers = { "convai-secrets-existing": "reject" };
  expect(await sendDelivery(updating, { name: "ONCE", value: "second", headers })).toMatchObject({
    status: 409,
    body: { code: "name_taken" },
  });
});

test("an older value that is retried under its derived id after a newer one is superseded", async () => {
  const stack = await startUpdating();
  for (const value of ["first value", "second value"]) {
    expect((await sendDelivery(stack, { name: "ORDER", value })).status).toBe(200);
  }
  expect(await sendDelivery(stack, { name: "ORDER", value: "first value" })).toMatchObject({
    status: 409,
    body: { code: "superseded", outcome: "not_applied" },
  });
  expect(valuesOf(stack, "ORDER")).toEqual(["second value"]);
});

test("the official SDK creates, updates by secret_id and creates again, and the secret_id stays the same", async () => {
  const stack = await startUpdating();
  const { secrets } = new ElevenLabsClient({
    baseUrl: stack.url,
    apiKey: stack.sender.token,
  }).conversationalAi;
  const { secretId } = await secrets.create({ name: "SDK", value: "first value" });
  await secrets.update(secretId, { name: "SDK", value: "second value" });
  expect(await secrets.create({ name: "SDK", value: "third value" })).toMatchObject({ secretId });
  await secrets.update(secretId, { name: "SDK", value: "fourth value" });
  expect(valuesOf(stack, "SDK")).toEqual(["fourth value"]);
  await expect(secrets.update(secretId, { name: "RENAMED", value: "v" })).rejects.toMatchObject({
    statusCode: 404,
  });
  await expect(secrets.update("unknown-id", { name: "SDK", value: "v" })).rejects.toMatchObject({
    statusCode: 404,
  });
});

test("a create that a lagging list does not show yet is found later and not sent again", async () => {
  const sender = await createTestSender("vault", { existing: "update" });
  const stack = await startStackForTest({ senders: [sender], upstream: { listLagMs: 2_000 } });
  const { upstream } = stack;
  upstream.inject({ kind: "drop", store: true, name: "LAG" });
  const delivery = { name: "LAG", value: "first value", id: "lag" };
  expect((await sendDelivery(stack, delivery)).status).toBe(502);
  expect((await sendDelivery(stack, delivery)).status).toBe(503);
  await sleep(2_500);
  const [secret] = upstream.secrets();
  expect(await sendDelivery(stack, delivery)).toMatchObject({
    status: 200,
    body: { secret_id: secret?.secret_id },
  });
  expect(upstream.received().POST).toBe(1);
});

test("a ledger whose configured host has changed answers misconfigured and replays nothing", async () => {
  const stack = await startUpdating();
  await sendDelivery(stack, { name: "HOST", value: "first value", id: "host" });
  await stack.restart({ ELEVENLABS_BASE_URL: stack.upstreamUrl.replace("127.0.0.1", "localhost") });
  expect(
    await sendDelivery(stack, { name: "HOST", value: "first value", id: "host" }),
  ).toMatchObject({ status: 503, body: { code: "misconfigured" } });
});
