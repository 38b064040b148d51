import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type Answer, type Rig, startRig } from "./rig.js";
import { type Delivery, deliver, deliverAll, sleep } from "./webhook-sender.js";

/** `npm run test:soak` asks for ten times as much. */
const SCALE = Number(process.env["SOAK"] ?? 1);
const DELIVERIES = 2_000 * SCALE;
const KILLS = 50 * SCALE;
const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const TIMEOUT_MS = 300_000 * SCALE;

const CHAOS = {
  seed: SEED,
  lateMs: 300,
  rates: {
    storeThen502: 0.06,
    storeThenDrop: 0.06,
    dropBefore: 0.04,
    late: 0.04,
    429: 0.04,
    malformed: 0.06,
  },
} as const;

/** Numbers from 0 to 1 by a seed. */
function draw(seed: number): () => number {
  const generator = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { seed, numRuns: 5_000 });
  let index = 0;
  return () => generator[index++ % generator.length] ?? 0;
}

async function startOnDisk(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-test-"));
  const rig = await startRig({}, join(folder, "storage"));
  onTestFinished(async () => {
    await rig.stop();
    await rm(folder, { recursive: true });
  });
  return rig;
}

function makeDeliveries(prefix: string): Delivery[] {
  return Array.from({ length: DELIVERIES }, (_, index) => ({
    id: `msg_${prefix}_${index}`,
    name: `${prefix}_${index}`,
    value: `value of ${index}`,
  }));
}

/** Every secret is there once, with its value, and its sender has its id. */
function expectExactlyOnce(
  rig: Rig,
  deliveries: readonly Delivery[],
  answers: ReadonlyMap<string, Answer>,
): void {
  const stored = new Map<string, { secret_id: string; value: string }[]>();
  for (const { name, ...secret } of rig.upstream.upstream.secrets()) {
    stored.set(name, [...(stored.get(name) ?? []), secret]);
  }
  const wrong = deliveries.filter(({ id, name, value }) => {
    const secrets = stored.get(name) ?? [];
    const [secret] = secrets;
    const isRight = secrets.length === 1 && secret?.value === value;
    return !isRight || answers.get(id)?.body["secret_id"] !== secret.secret_id;
  });
  expect(wrong.map(({ id, name }) => [id, stored.get(name), answers.get(id)])).toEqual([]);
  expect(rig.upstream.upstream.secrets()).toHaveLength(deliveries.length);
}

test(
  "2,000 deliveries to an upstream with random faults: each stored once",
  async () => {
    const rig = await startOnDisk();
    rig.upstream.upstream.setChaos(CHAOS);
    const deliveries = makeDeliveries("FAULTS");
    const answers = await deliverAll(deliveries, 64, (delivery) => deliver(rig, delivery));
    expectExactlyOnce(rig, deliveries, answers);
    expect(rig.upstream.upstream.received().POST).toBeGreaterThan(DELIVERIES);
  },
  TIMEOUT_MS,
);

test(
  "the same while the Worker is killed 50 times and restarted on the same storage",
  async () => {
    const rig = await startOnDisk();
    rig.upstream.upstream.setChaos(CHAOS);
    const random = draw(SEED);
    const deliveries = makeDeliveries("KILLS");
    let isDone = false;
    let kills = 0;
    const killing = (async () => {
      while (kills < KILLS && !isDone) {
        await sleep(10 + random() * 150);
        await rig.restart();
        kills += 1;
      }
    })();
    const answers = await deliverAll(deliveries, 64, (delivery) => deliver(rig, delivery));
    isDone = true;
    await killing;
    expect(kills).toBe(KILLS);
    expectExactlyOnce(rig, deliveries, answers);
  },
  TIMEOUT_MS,
);

test(
  "the same with callers who hang up at random moments",
  async () => {
    const rig = await startOnDisk();
    rig.upstream.upstream.setChaos(CHAOS);
    const random = draw(SEED + 1);
    const hangsUp = () => (random() < 0.3 ? random() * 60 : undefined);
    const deliveries = makeDeliveries("HANG_UPS");
    const answers = await deliverAll(deliveries, 64, (delivery) => deliver(rig, delivery, hangsUp));
    expectExactlyOnce(rig, deliveries, answers);
  },
  TIMEOUT_MS,
);
