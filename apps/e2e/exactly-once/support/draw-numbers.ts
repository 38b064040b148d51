import { SEED } from "@convai-secrets/testing/seed";
import fc from "fast-check";

/** Draws `count` whole numbers from `min` to `max`, evenly. */
export function drawNumbers(count: number, min: number, max: number): number[] {
  return fc.sample(fc.noBias(fc.integer({ min, max })), { seed: SEED, numRuns: count });
}
