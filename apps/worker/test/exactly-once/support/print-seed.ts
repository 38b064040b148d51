import { randomInt } from "node:crypto";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly seed: number;
  }
}

/** One seed for a whole run, printed once: `SEED=<it> npm test` draws the same again. */
export default function printSeed(project: TestProject): void {
  const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31));
  if (!Number.isSafeInteger(seed)) throw new TypeError("SEED must be a whole number");
  project.provide("seed", seed);
  process.stdout.write(`exactly-once: SEED=${seed}\n`);
}
