import { randomInt } from "node:crypto";
import type { TestProject } from "vitest/node";

/** How many times more the longer form of the suite does (`npm run test:soak`). */
const SOAK_SCALE = 10;

/** One seed for a whole run, printed once: `SEED=<it> npm test` draws the same again. */
export default function printSeed(project: TestProject): void {
  const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31));
  if (!Number.isSafeInteger(seed)) throw new TypeError("SEED must be a whole number");
  project.provide("seed", seed);
  project.provide("scale", process.env["SOAK"] === "1" ? SOAK_SCALE : 1);
  process.stdout.write(`${project.name}: SEED=${seed}\n`);
}
