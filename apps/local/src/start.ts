import { once } from "node:events";
import { formatInstructions } from "./instructions.ts";
import { type LocalStack, startLocalStack } from "./local-stack.ts";
import { readPort } from "./port.ts";
import { runProgram } from "./run-program.ts";

/** `npm start`: runs the Worker and the local upstream until it gets a signal, and exits with 0. */
async function start(signal: AbortSignal): Promise<number> {
  const port = readPort(process.env["PORT"]);
  console.log("Starting the Worker and the local upstream, a stand-in for ElevenLabs …");
  let stack: LocalStack;
  try {
    stack = await startLocalStack({ port, signal, onLine: showLine });
  } catch (error) {
    if (signal.aborted) return 0;
    throw error;
  }
  console.log(formatInstructions(stack));
  const isStopped = once(signal, "abort").then(() => true);
  const wasAsked = signal.aborted || (await Promise.race([isStopped, stack.ended]));
  console.log(wasAsked ? "\nStopping …" : "\nwrangler dev ended by itself.");
  await stack.stop();
  return wasAsked ? 0 : 1;
}

/** Hides the health check that this program makes itself. */
function showLine(line: string): void {
  if (!line.includes("GET /healthz 200")) console.log(line);
}

runProgram(start);
