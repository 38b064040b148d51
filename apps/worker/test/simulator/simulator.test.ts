import { SCALE, SEED } from "@convai-secrets/testing/seed";
import { expect, test } from "vitest";
import { simulateSeeds } from "./simulate.ts";

const DELIVERIES = 200;
const RUNS = 100 * SCALE;

test(`${RUNS * DELIVERIES} simulated deliveries violate no invariant`, async () => {
  const results = await simulateSeeds(SEED, RUNS, DELIVERIES);
  const ends = new Map<string, number>();
  for (const { seed, result } of results) {
    expect({ seed, violations: result.violations }).toEqual({ seed, violations: [] });
    for (const [end, count] of result.ends) ends.set(end, (ends.get(end) ?? 0) + count);
  }
  expect(ends.get("stored")).toBeGreaterThan((RUNS * DELIVERIES) / 3);
});
