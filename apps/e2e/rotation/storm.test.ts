import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveriesPage, DeliverySummary } from "@convai-secrets/protocol";
import {
  createTestSender,
  listDeliveries,
  sendUntilAnswered,
  type TestStack,
} from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import pLimit from "p-limit";
import { expect, test } from "vitest";
import { drawNumbers } from "../exactly-once/support/draw-numbers.ts";
import { MAX_OPEN_REQUESTS } from "../exactly-once/support/open-requests.ts";
import { startStackForTest } from "../support/start-stack.ts";

const NAMES = 12;
const VALUES = 8 * SCALE;
const KILLS = 4 * SCALE;
const RATES = { storeThen502: 0.1, storeThenDrop: 0.05, dropBefore: 0.05, late: 0.1, 429: 0.05 };

const nameOf = (index: number) => `STORM_${index}_`;
const idOf = (name: number, value: number) => `storm-${name}-${value}`;
const toValue = (id: string) => id.replace("storm-", "value ").replace("-", " ");

test("12 names with values of two senders, through faults and kills, each have one secret with the newest value", async () => {
  const senders = [
    await createTestSender("first", { existing: "update" }),
    await createTestSender("second", { existing: "update" }),
  ] as const;
  const stack = await startStackForTest({ senders: [...senders] });
  const { upstream } = stack;
  upstream.setChaos({ seed: SEED, rates: RATES });
  const killing = killNowAndThen(stack);

  const limit = pLimit(MAX_OPEN_REQUESTS);
  const answers = new Map<string, { status: number; code: unknown }>();
  const pauses = drawNumbers(NAMES * VALUES, 0, 400);
  const rotateName = async (name: number) => {
    const ended: Promise<void>[] = [];
    for (let value = 0; value < VALUES; value += 1) {
      const delivery = {
        sender: senders[value % 2 === 0 ? 0 : 1],
        name: nameOf(name),
        value: `value ${name} ${value}`,
        id: idOf(name, value),
      };
      const sent = sendUntilAnswered(stack, delivery, { limit }).then(({ answer }) => {
        answers.set(delivery.id, { status: answer.status, code: answer.body["code"] });
      });
      ended.push(sent);
      await sleep(pauses[name * VALUES + value]);
    }
    await Promise.all(ended);
  };
  await Promise.all(Array.from({ length: NAMES }, (_, name) => rotateName(name)));
  await killing;

  const wrong = [...answers].filter(
    ([, { status, code }]) => status !== 200 && code !== "superseded",
  );
  expect(wrong).toEqual([]);
  expect(answers.size).toBe(NAMES * VALUES);
  const secrets = upstream.secrets();
  expect(secrets.map(({ name }) => name).toSorted()).toEqual(
    Array.from({ length: NAMES }, (_, name) => nameOf(name)).toSorted(),
  );
  const newest = await findNewestStored(stack, senders);
  for (const { name, value } of secrets) {
    expect(newest.get(name)?.map(toValue), name).toContain(value);
  }
  expect(upstream.received().overlapsByName).toEqual({});
});

async function killNowAndThen(stack: TestStack): Promise<void> {
  for (const moment of drawNumbers(KILLS, 300, 1_500)) {
    await sleep(moment);
    await stack.restart();
  }
}

/**
 * The ids of the newest stored deliveries of each name, whichever sender they came from: several if
 * the page, which gives milliseconds, shows one time for them.
 */
async function findNewestStored(
  stack: TestStack,
  senders: readonly TestStack["sender"][],
): Promise<Map<string, string[]>> {
  const all = [];
  for (const sender of senders) {
    const { body } = await listDeliveries(stack, sender, "?limit=100");
    all.push(...(body as unknown as DeliveriesPage).deliveries);
  }
  const newest = new Map<string, DeliverySummary[]>();
  for (const delivery of all.filter(({ state }) => state === "stored")) {
    const others = newest.get(delivery.name) ?? [];
    const at = others[0]?.created_at ?? "";
    if (delivery.created_at > at) newest.set(delivery.name, [delivery]);
    else if (delivery.created_at === at) others.push(delivery);
  }
  return new Map([...newest].map(([name, deliveries]) => [name, deliveries.map(({ id }) => id)]));
}
