import { randomInt } from "node:crypto";
import type { TestProject } from "vitest/node";
import type {} from "./seed.ts";

/** How much more the long form of the suites does (`npm run test:soak`). */
const SOAK_SCALE = 10;

/**
 * Vitest's global setup: draws one seed for a run and prints it once. `SEED=… npm test` repeats the
 * run.
 */
export default function provideSeed(project: TestProject): void {
  const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31));
  if (!Number.isSafeInteger(seed)) throw new TypeError("SEED must be a whole number");
  project.provide("seed", seed);
  project.provide("scale", process.env["SOAK"] === "1" ? SOAK_SCALE : 1);
  process.stdout.write(`${project.name || "suite"}: SEED=${seed}\n`);
}
