import { EXIT } from "./exit-codes.ts";
import { listenForInterruption } from "./interruption.ts";
import { reportFailure } from "./output/describe-failure.ts";
import { writeReport } from "./output/write-report.ts";
import { runProgram } from "./program.ts";
import type { Report } from "./report.ts";

/**
 * Runs the command of this process's arguments and ends the process, by a signal or a code of
 * {@link EXIT}.
 */
export async function main(): Promise<never> {
  const json = process.argv.includes("--json");
  const interruption = listenForInterruption();

  /** Writes the last words, and ends; whatever still waits, as for standard input, ends with it. */
  async function end(report: Report | undefined): Promise<never> {
    if (report !== undefined) await writeReport(report, json);
    interruption.raiseUnattended();
    process.exit(report?.exitCode ?? EXIT.done);
  }

  // Node would print the error with all that it holds.
  process.on("uncaughtException", (error) => void end(reportFailure(error)));
  // A reader that has gone away (`| head`) is no fault.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

  const run = runProgram(process.argv, interruption).catch(reportFailure);
  return end(await Promise.race([run, interruption.unattended.catch(reportFailure)]));
}
