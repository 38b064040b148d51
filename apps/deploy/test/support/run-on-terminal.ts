import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import type { DeploySetup } from "./deploy-setup.ts";

const PROGRAM = join(import.meta.dirname, "../../src/deploy.ts");

/** Runs the program in a pseudo-terminal, and types each answer when its question is shown. */
export async function runOnTerminal(
  { configFile, env }: DeploySetup,
  args: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<{ readonly code: number; readonly shown: string }> {
  const terminal = spawn(process.execPath, [PROGRAM, `--config=${configFile}`, ...args], {
    cols: 200,
    env: { ...env },
  });
  let shown = "";
  let seen = 0;
  const remaining = [...answers];
  terminal.onData((chunk) => {
    shown += chunk;
    const [question, answer] = remaining[0] ?? [];
    if (question === undefined || answer === undefined) return;
    const at = shown.indexOf(question, seen);
    if (at < 0) return;
    seen = at + question.length;
    remaining.shift();
    terminal.write(answer);
  });
  const code = await new Promise<number>((resolve) =>
    terminal.onExit(({ exitCode }) => resolve(exitCode)),
  );
  return { code, shown };
}
