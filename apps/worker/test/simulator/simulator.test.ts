import { SEED } from "@convai-secrets/testing/seed";
import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { simulate } from "./simulate.ts";

/** Deliveries of one run, which has a few names, three senders and one upstream of its own. */
const DELIVERIES = 200;

/** 20,000 deliveries, or 10 million in the soak test. */
const RUNS = process.env["SOAK"] === "1" ? 50_000 : 100;

test(`${RUNS * DELIVERIES} simulated deliveries violate no invariant`, async () => {
  const ends = new Map<string, number>();
  for (let seed = SEED; seed < SEED + RUNS; seed += 1) {
    const { violations, ...result } = await simulate({
      random: createRandom(seed),
      deliveries: DELIVERIES,
    });
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    for (const [end, count] of result.ends) ends.set(end, (ends.get(end) ?? 0) + count);
  }
  // Most deliveries are stored, although up to 40 % of the calls of a run go wrong.
  expect(ends.get("stored")).toBeGreaterThan((RUNS * DELIVERIES) / 2);
});
