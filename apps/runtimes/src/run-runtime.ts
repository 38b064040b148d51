import type { Limits, Runtime } from "./runtime.ts";
import { startServers } from "./servers/start-servers.ts";
import type { Failure, Report } from "./suite/support/report.ts";

/** The result of the suite on one runtime. */
export interface Outcome {
  readonly name: string;
  /** `undefined` if the runtime is not available. */
  readonly version: string | undefined;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Tests that fail because of the platform, with the reason. */
  readonly limits: readonly Failure[];
  /** Why the suite was not run there. */
  readonly skipped: string | undefined;
}

/** Runs the suite on a runtime, against its own servers. An error of the run is a failed test. */
export async function runRuntime({ name, find, limits = {} }: Runtime): Promise<Outcome> {
  const found = await find();
  const outcome = { name, version: undefined, passed: 0, failures: [], limits: [] };
  if ("missing" in found) return { ...outcome, skipped: found.missing };
  const { version, run } = found;
  const servers = await startServers();
  try {
    const report = await run(servers);
    return { ...outcome, version, ...evaluate(report, limits), skipped: undefined };
  } catch (error) {
    const failures = [{ test: "the suite", reason: String(error) }];
    return { ...outcome, version, failures, skipped: undefined };
  } finally {
    await servers.stop();
  }
}

/** Separates failures from known limits. A suite that ran no test has failed. */
function evaluate({ passed, failures }: Report, limits: Limits) {
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
