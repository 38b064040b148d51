import { createInterface } from "node:readline";
import { createInterface as createPrompt } from "node:readline/promises";
import { Writable } from "node:stream";
import { DeployError } from "./deploy-error.ts";

/** How a deployment talks to the person who runs it. */
export interface Terminal {
  /** Prints a line. */
  readonly say: (line: string) => void;
  /** Asks a question. Absent if standard input is not a terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Asks for a secret, which is not shown. Absent if standard input is not a terminal. */
  readonly askSecret?: ((question: string) => Promise<string>) | undefined;
}

const CANCELLED = "Cancelled. Nothing was changed.";

/** The process's own terminal. */
export function openTerminal({ isInteractive }: { isInteractive: boolean }): Terminal {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  return isInteractive ? { say, ask, askSecret } : { say };
}

async function ask(question: string): Promise<string> {
  const prompt = createPrompt({ input: process.stdin, output: process.stderr });
  const { promise: closed, reject } = Promise.withResolvers<never>();
  prompt.on("close", () => reject(new DeployError(CANCELLED)));
  try {
    return (await Promise.race([prompt.question(question), closed])).trim();
  } finally {
    closed.catch(() => {});
    prompt.close();
  }
}

/**
 * Asks for a secret without showing it. JSON may span lines: it is read until it is complete, or
 * until an empty line.
 *
 * @throws {DeployError} if the question is cancelled
 */
async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Asked only now, because the terminal would show what is typed before it stops echoing.
  process.stderr.write(question);
  let text: string | undefined;
  lines.on("SIGINT", () => lines.close());
  try {
    for await (const line of lines) {
      text = text === undefined ? line : `${text}\n${line}`;
      if (line.trim() === "" || !isIncompleteJson(text)) break;
    }
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
  if (text === undefined) throw new DeployError(CANCELLED);
  return text.trim();
}

function isIncompleteJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
