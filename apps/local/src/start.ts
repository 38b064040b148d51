import { once } from "node:events";
import { formatInstructions } from "./instructions.js";
import { startLocalStack } from "./local-stack.js";

const DEFAULT_PORT = 8787;

/** `npm start`: runs the Worker and the stand-in upstream until told to stop. */
async function main(): Promise<void> {
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const port = Number(process.env["PORT"] ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error("PORT must be a number from 0 (any free port) to 65535");
  }
  console.log("Starting the Worker and the stand-in for ElevenLabs …");
  const stack = await startLocalStack(port, (line) => console.log(line));
  console.log(formatInstructions(stack));
  await stopped;
  console.log("Stopping …");
  await stack.stop();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
