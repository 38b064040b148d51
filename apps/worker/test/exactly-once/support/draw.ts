import fc from "fast-check";
import { inject } from "vitest";

/** What this run draws from. */
export const SEED = inject("seed");

/** How many times more the longer form of the suite does (`npm run test:soak`). */
export const SCALE = inject("scale");

/** Draws `count` whole numbers from `min` to `max`, evenly. */
export function drawNumbers(count: number, min: number, max: number): number[] {
  return fc.sample(fc.noBias(fc.integer({ min, max })), { seed: SEED, numRuns: count });
}
