/** How much more the long form of the suites does. */
const SOAK_SCALE = 10;

const MAX_SEED = 2 ** 31;

/** What a run draws from, and how much it does. */
export interface RunSettings {
  readonly seed: number;
  readonly scale: number;
}

/** Node's `process`, by a type that the suites in workerd have as well. */
const { process } = globalThis as {
  process?: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stdout: { write(text: string): void };
  };
};

/**
 * Reads the settings of a run from the environment: `SEED`, by default a random whole number, and
 * `SOAK=1` for the long form. Prints the seed: `SEED=… npm test` repeats the run.
 */
export function readRunSettings(): RunSettings {
  const seed = Number(process?.env["SEED"] ?? Math.floor(Math.random() * MAX_SEED));
  if (!Number.isSafeInteger(seed)) throw new TypeError("SEED must be a whole number");
  process?.stdout.write(`SEED=${seed}\n`);
  return { seed, scale: process?.env["SOAK"] === "1" ? SOAK_SCALE : 1 };
}
