import { sendDelivery, sendUntilAnswered, type TestStack } from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import pLimit from "p-limit";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";
import { assertStoredOnce } from "./support/assert-stored-once.ts";
import { MAX_OPEN_REQUESTS } from "./support/open-requests.ts";

const UNKNOWN = { status: 409, body: { code: "outcome_unknown" } };

/** Two deliveries of one name, neither of which sees the other's secret before its own call. */
function createRivals(stack: TestStack, name: string) {
  stack.upstream.inject({
    kind: "delay",
    method: "GET",
    when: "after",
    ms: 200,
    times: 2,
    name,
  });
  return [1, 2].map((count) => ({
    name,
    value: `${name} ${count}`,
    id: `${name}-${count}`,
  }));
}

test("two ids of one name at once, one answered late, one not: both are stored, each gets its own", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const rivals = createRivals(stack, "LATE");
  upstream.inject({ kind: "delay", when: "after", ms: 700, name: "LATE" });
  upstream.inject({ kind: "answer", status: 502, store: true, name: "LATE" });
  const limit = pLimit(2);
  const told = await Promise.all(
    rivals.map(async (delivery) => ({
      delivery,
      ...(await sendUntilAnswered(stack, delivery, { limit })),
    })),
  );
  assertStoredOnce(told, upstream.secrets());
  expect(upstream.received().POST).toBe(2);
});

test("two ids of one name, both unknown, one secret: neither is told it, neither is sent again", async () => {
  const stack = await startStackForTest();
  const { upstream } = stack;
  const rivals = createRivals(stack, "EITHER");
  upstream.inject({ kind: "drop", store: true, name: "EITHER" });
  upstream.inject({ kind: "drop", name: "EITHER" });
  const limit = pLimit(2);
  const ended = await Promise.all(
    rivals.map((delivery) => sendUntilAnswered(stack, delivery, { limit })),
  );
  for (const { answer } of ended) expect(answer).toMatchObject(UNKNOWN);
  expect(upstream.received().POST).toBe(2);

  const [third] = createRivals(stack, "EITHER");
  upstream.clearFaults();
  upstream.inject({ kind: "drop", store: true, name: "EITHER" });
  if (third === undefined) throw new Error("There are two");
  const later = await sendDelivery(stack, { ...third, id: "third", value: "3" });
  expect(later).toMatchObject({
    status: 200,
    body: { secret_id: upstream.secrets()[1]?.secret_id },
  });
});

test("names shared by two ids, through random faults: nothing twice, no wrong id, else 409", async () => {
  const count = 300 * SCALE;
  const stack = await startStackForTest({ env: { SETTLE_SECONDS: "2" } });
  const { upstream } = stack;
  upstream.setChaos({
    seed: SEED,
    rates: { storeThen502: 0.2, storeThenDrop: 0.1, dropBefore: 0.1, late: 0.1 },
  });
  const limit = pLimit(MAX_OPEN_REQUESTS);
  const ended = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const name = `SHARED_${Math.floor(index / 2)}_`;
      const delivery = { name, value: `value ${index}`, id: `shared-${index}` };
      return { delivery, ...(await sendUntilAnswered(stack, delivery, { limit })) };
    }),
  );
  const told = ended.filter(({ answer }) => answer.status === 200);
  const untold = ended.filter(({ answer }) => answer.status !== 200);
  for (const { answer } of untold) expect(answer).toMatchObject(UNKNOWN);
  const undecided = new Set(untold.map(({ delivery }) => delivery.value));
  const secrets = upstream.secrets();
  expect(new Set(secrets.map(({ value }) => value)).size).toBe(secrets.length);
  assertStoredOnce(
    told,
    secrets.filter(({ value }) => !undecided.has(value)),
  );
  expect(told.length).toBeGreaterThan(count / 2);
});
