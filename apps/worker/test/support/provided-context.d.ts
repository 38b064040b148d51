import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** What a run draws from. */
    readonly seed: number;
    /** How many times more the longer form of the suite does (`npm run test:soak`). */
    readonly scale: number;
  }
}
