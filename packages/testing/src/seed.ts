import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The seed of this run's random draws. */
    readonly seed: number;
    /** How many times more the long form of the suites does (`npm run test:soak`). */
    readonly scale: number;
  }
}

/** The seed of this run's random draws, from `provide-seed.ts`. */
export const SEED = inject("seed");

/** How many times more the long form of the suites does (`npm run test:soak`). */
export const SCALE = inject("scale");
