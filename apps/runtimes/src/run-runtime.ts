import { startLab } from "./lab/start-lab.ts";
import type { Limits, Runtime } from "./runtime.ts";
import type { Failure, Report } from "./suite/report.ts";

/** What became of the suite on one runtime. */
export interface Outcome {
  readonly name: string;
  /** `undefined` if the runtime cannot be had. */
  readonly version: string | undefined;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** What does not hold there for a reason of the platform, with that reason. */
  readonly limits: readonly Failure[];
  /** Why it was not run, if it was not. */
  readonly skipped: string | undefined;
}

/** Runs the suite on a runtime against servers of its own; what breaks there is a failure, named. */
export async function runRuntime({ name, find, limits = {} }: Runtime): Promise<Outcome> {
  const found = await find();
  const outcome = { name, version: undefined, passed: 0, failures: [], limits: [] };
  if ("missing" in found) return { ...outcome, skipped: found.missing };
  const { version, run } = found;
  const lab = await startLab();
  try {
    const report = await run(lab);
    return { ...outcome, version, ...judge(report, limits), skipped: undefined };
  } catch (error) {
    const failures = [{ test: "the suite", reason: String(error) }];
    return { ...outcome, version, failures, skipped: undefined };
  } finally {
    await lab.stop();
  }
}

/** Tells the failures from the known limits; a suite without tests has failed. */
function judge({ passed, failures }: Report, limits: Limits) {
  if (passed === 0 && failures.length === 0) {
    return { failures: [{ test: "the suite", reason: "ran no test" }] };
  }
  return {
    passed,
    failures: failures.filter(({ test }) => !Object.hasOwn(limits, test)),
    limits: failures.flatMap(({ test }) => {
      const reason = limits[test];
      return reason === undefined ? [] : [{ test, reason }];
    }),
  };
}
