import { constants } from "node:os";
import { type LocalStack, startLocalStack } from "./local-stack.ts";
import { runProgram } from "./run-program.ts";
import { runScenarios } from "./run-scenarios.ts";

/** `npm run demo`: shows the main job on this machine, and fails if a result is not as expected. */
async function demo(signal: AbortSignal): Promise<number> {
  console.log("Starting the Worker (workerd) and the local upstream, a stand-in for ElevenLabs …");
  console.log("All credentials and values are random. The demo does not show them.\n");
  let stack: LocalStack | undefined;
  try {
    stack = await startLocalStack({ port: 0, signal });
    return (await runScenarios(stack, signal)) ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    console.log("Stopped.");
    // As a shell counts: 130 after Ctrl-C, 143 after SIGTERM.
    return 128 + constants.signals[signal.reason as NodeJS.Signals];
  } finally {
    await stack?.stop();
  }
}

runProgram(demo);
