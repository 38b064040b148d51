import type { Failure, Report, Setting } from "./report.ts";

/** Tests by their titles: each a function that throws if the title is not true. */
export type Tests = Readonly<Record<string, (setting: Setting) => Promise<void> | void>>;

/** Far more than any test needs, so that one that hangs is told from the others. */
const TEST_TIMEOUT_MS = 20_000;

/** Runs tests one after the other, and all of them whatever becomes of one. */
export async function runTests(
  groups: Readonly<Record<string, Tests>>,
  setting: Setting,
): Promise<Report> {
  let passed = 0;
  const failures: Failure[] = [];
  for (const [group, tests] of Object.entries(groups)) {
    for (const [title, test] of Object.entries(tests)) {
      try {
        await limit(async () => test(setting));
        passed += 1;
      } catch (error) {
        failures.push({ test: `${group}: ${title}`, reason: describe(error) });
      }
    }
  }
  return { passed, failures };
}

async function limit(test: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("did not end in time")), TEST_TIMEOUT_MS);
  });
  await Promise.race([test(), timeout]).finally(() => clearTimeout(timer));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
