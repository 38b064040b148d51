import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { expectEachOnce, type Told } from "./support/books.ts";
import { deliver } from "./support/delivery.ts";
import { drawNumbers, SCALE, SEED } from "./support/draw.ts";
import { DISK, startPersistent } from "./support/rig.ts";
import { Slots } from "./support/slots.ts";

const COUNT = 2_000 * SCALE;
const KILLS = 50 * SCALE;
const RATES = { storeThen502: 0.04, storeThenDrop: 0.04, dropBefore: 0.04, late: 0.04 };

test(`${COUNT} deliveries and more through ${KILLS} kills of the process are each stored once`, async () => {
  const rig = await startPersistent({ SETTLE_SECONDS: "2" }, DISK);
  rig.upstream.upstream.setChaos({ seed: SEED, rates: RATES });
  let kills = 0;
  const killing = (async () => {
    for (const moment of drawNumbers(KILLS, 5, 200)) {
      await sleep(moment);
      await rig.restart();
      kills += 1;
    }
  })();

  const slots = new Slots();
  const told: Promise<Told & { unanswered: number }>[] = [];
  for (let index = 0; index < COUNT || kills < KILLS; index += 1) {
    const secret = { sender: rig, name: `N_${index}_`, value: `value ${index}` };
    const delivery = index % 2 === 0 ? { ...secret, id: `id-${index}`, isSigned: true } : secret;
    const ended = deliver(rig, delivery, { slots });
    told.push(ended.then((end) => ({ delivery, ...end })));
    // The next is not made before this one is out, so that there are deliveries until the last kill.
    await slots.use(async () => {});
  }
  await killing;
  const ended = await Promise.all(told);
  expectEachOnce(ended, rig.upstream.upstream.secrets());
  const unanswered = ended.reduce((sum, delivery) => sum + delivery.unanswered, 0);
  expect(unanswered).toBeGreaterThan(KILLS);
});
