import { setTimeout as sleep } from "node:timers/promises";
import { DISK, sendUntilAnswered } from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import pLimit from "p-limit";
import { expect, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";
import { type AnsweredDelivery, assertStoredOnce } from "./support/assert-stored-once.ts";
import { drawNumbers } from "./support/draw-numbers.ts";
import { MAX_OPEN_REQUESTS } from "./support/open-requests.ts";

const COUNT = 2_000 * SCALE;
const KILLS = 50 * SCALE;
const RATES = { storeThen502: 0.04, storeThenDrop: 0.04, dropBefore: 0.04, late: 0.04 };

test(`${COUNT} deliveries and more through ${KILLS} kills of the process are each stored once`, async () => {
  const stack = await startStackForTest({ disk: DISK, env: { SETTLE_SECONDS: "2" } });
  stack.upstream.setChaos({ seed: SEED, rates: RATES });
  let kills = 0;
  const killing = (async () => {
    for (const moment of drawNumbers(KILLS, 5, 200)) {
      await sleep(moment);
      await stack.restart();
      kills += 1;
    }
  })();

  const limit = pLimit(MAX_OPEN_REQUESTS);
  const told: Promise<AnsweredDelivery & { unanswered: number }>[] = [];
  for (let index = 0; index < COUNT || kills < KILLS; index += 1) {
    const secret = { name: `N_${index}_`, value: `value ${index}` };
    const delivery = index % 2 === 0 ? { ...secret, id: `id-${index}`, isSigned: true } : secret;
    const ended = sendUntilAnswered(stack, delivery, { limit });
    told.push(ended.then((end) => ({ delivery, ...end })));
    // The next is not made before this one is out, so that there are deliveries until the last kill.
    await limit(async () => {});
  }
  await killing;
  const ended = await Promise.all(told);
  assertStoredOnce(ended, stack.upstream.secrets());
  const unanswered = ended.reduce((sum, delivery) => sum + delivery.unanswered, 0);
  expect(unanswered).toBeGreaterThan(KILLS);
});
