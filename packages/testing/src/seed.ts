import { inject } from "vitest";
import { type RunSettings, readRunSettings } from "./run-settings.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** From `readRunSettings`. */
    readonly settings: RunSettings;
  }
}

/** A configuration of Vitest can provide them: tests in workerd have no environment. */
const settings: RunSettings = inject("settings") ?? readRunSettings();

/** The seed of this run's random draws. */
export const SEED = settings.seed;

/** How many times more the long form of the suites does (`npm run test:soak`). */
export const SCALE = settings.scale;
