import { formatTable } from "./format-table.ts";
import { type Outcome, runRuntime } from "./run-runtime.ts";
import { RUNTIMES } from "./runtimes.ts";

/*
 * `npm run test:runtimes`: the suite on every runtime, or on those whose names begin with an
 * argument. A runtime that cannot be had is skipped by name; only a failure fails the run.
 */

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const runtimes = RUNTIMES.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().startsWith(word)),
);
if (runtimes.length === 0) {
  process.stderr.write(`There are: ${RUNTIMES.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}

const outcomes: Outcome[] = [];
for (const runtime of runtimes) {
  process.stderr.write(`${runtime.name} …\n`);
  outcomes.push(await runRuntime(runtime));
}
process.stdout.write(`${formatTable(outcomes)}\n`);
process.exitCode = outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
