import { styleText } from "node:util";
import { type LocalStack, startLocalStack } from "./local-stack.js";
import { runScenario } from "./run-scenario.js";
import { listScenarios } from "./scenarios.js";

/** The exit codes of a program ended by a signal are 128 and the signal's number. */
const INTERRUPTED = 130;

/** `npm run demo`: shows the main job on this machine, and fails unless all goes as promised. */
async function main(): Promise<number> {
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  console.log("Starting the Worker (workerd) and a stand-in for ElevenLabs on this machine …\n");
  const stack = await startLocalStack(0);
  try {
    const results = await runAll(stack, () => isInterrupted);
    if (isInterrupted) return INTERRUPTED;
    return report(results);
  } finally {
    await stack.stop();
  }
}

async function runAll(stack: LocalStack, isInterrupted: () => boolean): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const scenario of listScenarios(stack)) {
    if (isInterrupted()) break;
    results.push(await runScenario(scenario, stack));
  }
  return results;
}

function report(results: readonly boolean[]): number {
  const failed = results.filter((isAsPromised) => !isAsPromised).length;
  const verdict = failed === 0 ? "All as promised" : `${failed} not as promised`;
  console.log(styleText(failed === 0 ? "green" : "red", `${verdict}, of ${results.length}.`));
  return failed === 0 ? 0 : 1;
}

main()
  .then((exitCode) => {
    process.exitCode = exitCode;
  })
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
