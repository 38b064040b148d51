import { SCALE, SEED } from "@convai-secrets/testing/seed";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createListedRandom, createRandom } from "./random.ts";
import { simulate } from "./simulate.ts";

/*
 * The simulator with fast-check as its source of chance: a run that violates an invariant is made
 * smaller, number by number, until only what matters is left.
 */

const RUNS = 300 * SCALE;

test(`${RUNS} short runs of a few deliveries violate no invariant`, async () => {
  const draws = fc.array(fc.nat(100_000), { minLength: 50, maxLength: 600 });
  await fc.assert(
    fc.asyncProperty(draws, fc.integer({ min: 2, max: 12 }), async (numbers, deliveries) => {
      const random = createListedRandom(numbers);
      const { violations } = await simulate({ random, deliveries });
      expect(violations).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("the same seed replays a run step by step", async () => {
  const trace = async () => {
    const times: number[] = [];
    const random = createRandom(SEED);
    await simulate({ random, deliveries: 100, trace: (at) => times.push(at) });
    return times;
  };
  const first = await trace();
  expect(first.length).toBeGreaterThan(100);
  expect(await trace()).toEqual(first);
});
