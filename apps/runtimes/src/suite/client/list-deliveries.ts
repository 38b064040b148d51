import { DeliveryError, deliverSecret, listDeliveries } from "@convai-secrets/client";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { AUTHENTICATIONS, withToken } from "../support/credentials.ts";
import { scriptAnswers } from "../support/scripted-server.ts";
import { generateName } from "../support/upstream.ts";

const delivery = (id: string) => ({
  id,
  name: "A",
  operation: "create",
  state: "stored",
  secret_id: "sec_1",
  created_at: "2026-01-01T00:00:00.000Z",
  last_seen_at: "2026-01-01T00:00:00.000Z",
  attempts: 1,
});

/** Reads a list to its end. */
async function readAll<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}

QUnit.module("client listDeliveries");

for (const [way, options] of AUTHENTICATIONS) {
  QUnit.test(`yields the deliveries, newest first, ${way}`, async (assert) => {
    const names = [1, 2, 3].map(generateName);
    for (const name of names) await deliverSecret({ ...options(), name, value: "value" });
    const listed = await readAll(listDeliveries({ ...options(), limit: 3 }));
    assert.deepEqual(
      listed.map(({ name }) => name),
      names.toReversed(),
    );
    assert.propContains(listed[0], { state: "stored", attempts: 1 });
  });
}

QUnit.test("requests the next page, up to the limit", async (assert) => {
  const pages = [
    { body: { deliveries: [delivery("a"), delivery("b")], next: "9" } },
    { body: { deliveries: [delivery("c"), delivery("d")], next: "7" } },
  ];
  const { url, received } = await scriptAnswers(...pages);
  const listed = await readAll(listDeliveries({ ...withToken(), url, limit: 3 }));
  assert.deepEqual(
    listed.map(({ id }) => id),
    ["a", "b", "c"],
  );
  assert.deepEqual(
    (await received()).map(({ path }) => path),
    ["/v1/deliveries?limit=3", "/v1/deliveries?limit=1&before=9"],
  );
});

QUnit.test("fails if a page repeats the one before", async (assert) => {
  const { url } = await scriptAnswers({ body: { deliveries: [delivery("a")], next: "9" } });
  const error = await catchError(readAll(listDeliveries({ ...withToken(), url })), DeliveryError);
  assert.equal(error.code, "unreadable_answer");
});
