import { EXIT } from "./exit-codes.ts";
import { listenForInterruption } from "./interruption.ts";
import { reportFailure } from "./output/describe-failure.ts";
import { applyNoColor } from "./output/paint.ts";
import { write, writeReport } from "./output/write-report.ts";
import { runProgram } from "./program.ts";
import type { Report } from "./report.ts";

/**
 * Runs the command of this process's arguments and ends the process, by a signal or a code of
 * {@link EXIT}.
 */
export async function main(): Promise<never> {
  applyNoColor(process.env);
  const json = process.argv.includes("--json");
  const interruption = listenForInterruption();

  /** Ends the process, and with it whatever still waits, such as a read of standard input. */
  async function end(report: Report | undefined): Promise<never> {
    const failure = report && (await writeReport(report, json));
    if (failure !== undefined) {
      await write(process.stderr, `The output could not be written (${failure}).\n`);
      process.exit(EXIT.fault);
    }
    interruption.raiseUnattended();
    process.exit(report?.exitCode ?? EXIT.done);
  }

  // Node.js would print the error with everything that it contains.
  process.on("uncaughtException", (error) => void end(reportFailure(error)));
  // Each write handles its own error.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

  const run = runProgram(process.argv, interruption).catch(reportFailure);
  return end(await Promise.race([run, interruption.unattended.catch(reportFailure)]));
}
