import { formatTable } from "./format-table.ts";
import { type Outcome, runRuntime } from "./run-runtime.ts";
import { RUNTIMES } from "./runtimes.ts";

/*
 * `npm run test:runtimes`: runs the suite on every runtime, or on those whose names start with an
 * argument. A runtime that is not available is listed as skipped. Only a failed test fails the run.
 */

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const runtimes = RUNTIMES.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().startsWith(word)),
);
if (runtimes.length === 0) {
  process.stderr.write(`Runtimes: ${RUNTIMES.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}

const outcomes: Outcome[] = [];
for (const runtime of runtimes) {
  process.stderr.write(`${runtime.name} …\n`);
  outcomes.push(await runRuntime(runtime));
}
process.stdout.write(`${formatTable(outcomes)}\n`);
process.exitCode = outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
