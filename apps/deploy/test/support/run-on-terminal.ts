import { join } from "node:path";
import { startInTerminal } from "@convai-secrets/testing/terminal";
import type { DeploySetup } from "./deploy-setup.ts";

const PROGRAM = join(import.meta.dirname, "../../src/deploy.ts");

/** Runs the program in a pseudo-terminal, and types each answer when its question is shown. */
export async function runOnTerminal(
  { configFile, env }: DeploySetup,
  args: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<{ readonly code: number; readonly shown: string }> {
  const run = startInTerminal(process.execPath, [PROGRAM, `--config=${configFile}`, ...args], {
    env,
    columns: 200,
  });
  let seen = 0;
  for (const [question, answer] of answers) {
    seen = await run.until(question, seen);
    run.terminal.write(answer);
  }
  return { code: await run.ended, shown: run.output() };
}
