import {
  createTestSender,
  listDeliveries,
  readAnswer,
  sendDelivery,
  signRequest,
} from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

type Listed = {
  readonly deliveries: readonly { readonly id: string }[];
  readonly next: string | null;
};

async function startWithSenders() {
  const own = await createTestSender("own");
  const other = await createTestSender("other");
  return { stack: await startStackForTest({ senders: [own, other] }), own, other };
}

test("a sender lists its own deliveries, newest first, with their states", async () => {
  const { stack, own, other } = await startWithSenders();
  const { upstream } = stack;
  const start = new Date().toISOString();
  upstream.inject({ kind: "answer", status: 422, name: "REJECTED" });
  upstream.inject({ kind: "drop", name: "UNKNOWN" });
  for (const name of ["STORED", "REJECTED", "UNKNOWN"]) {
    await sendDelivery(stack, { sender: own, name, value: "v", id: name });
  }
  await sendDelivery(stack, { sender: other, name: "OTHERS", value: "v" });
  const { status, body } = await listDeliveries(stack, own);
  expect(status).toBe(200);
  const common = {
    operation: "create",
    attempts: 1,
    created_at: expect.any(String),
    last_seen_at: expect.any(String),
  };
  const secret_id = upstream.secrets().find(({ name }) => name === "STORED")?.secret_id;
  expect(body).toEqual({
    deliveries: [
      { id: "UNKNOWN", name: "UNKNOWN", state: "unknown", secret_id: null, ...common },
      { id: "REJECTED", name: "REJECTED", state: "rejected", secret_id: null, ...common },
      { id: "STORED", name: "STORED", state: "stored", secret_id, ...common },
    ],
    next: null,
  });
  for (const { created_at, last_seen_at } of body["deliveries"] as Record<string, string>[]) {
    expect(start <= String(created_at) && String(created_at) <= String(last_seen_at)).toBe(true);
  }
  expect((await listDeliveries(stack, other)).body).toMatchObject({
    deliveries: [{ name: "OTHERS" }],
  });
});

test("pages list each delivery once while new deliveries arrive", async () => {
  const { stack, own } = await startWithSenders();
  for (let count = 0; count < 25; count += 1) {
    await sendDelivery(stack, { sender: own, name: `N_${count}`, value: "v", id: `id-${count}` });
  }
  const page = async (query: string) =>
    (await listDeliveries(stack, own, query)).body as unknown as Listed;
  const first = await page("?limit=20");
  expect(first.deliveries).toHaveLength(20);
  await sendDelivery(stack, { sender: own, name: "MEANWHILE", value: "v", id: "meanwhile" });
  const second = await page(`?limit=20&before=${first.next}`);
  expect(second.next).toBeNull();
  const ids = [...first.deliveries, ...second.deliveries].map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 25 }, (_, count) => `id-${24 - count}`));
  expect((await page("?limit=1")).deliveries).toMatchObject([{ id: "meanwhile" }]);
  expect((await page("?limit=100&before=1")).deliveries).toEqual([]);
});

test("the list accepts a signature over the empty body only", async () => {
  const { stack, own, other } = await startWithSenders();
  await sendDelivery(stack, { sender: own, name: "MINE", value: "v", id: "mine" });
  const ask = async (headers: Record<string, string>) =>
    readAnswer(await fetch(`${stack.url}/v1/deliveries`, { headers }));
  expect(await ask(signRequest(own.signingSecret, { id: "list", body: "" }))).toMatchObject({
    status: 200,
    body: { deliveries: [{ id: "mine" }] },
  });
  expect(
    (await ask(signRequest(other.signingSecret, { id: "list", body: "" }))).body["deliveries"],
  ).toEqual([]);
  for (const headers of [
    {},
    signRequest(own.signingSecret, { id: "list", body: "{}" }),
    { ...signRequest(own.signingSecret, { id: "list", body: "" }), "webhook-id": "another" },
    {
      ...signRequest(own.signingSecret, { id: "list", body: "{}" }),
      authorization: `Bearer ${own.token}`,
    },
  ]) {
    expect(await ask(headers)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  }
});
