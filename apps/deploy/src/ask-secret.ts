import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Stop } from "./stop.ts";

/**
 * Asks for a secret on the terminal without showing it. JSON may span lines: it is read until it is
 * whole, or until an empty line.
 *
 * @throws {Stop} if whoever is asked breaks off
 */
export async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Only now: what is typed before the terminal stops echoing would show.
  process.stderr.write(question);
  let text: string | undefined;
  lines.on("SIGINT", () => lines.close());
  try {
    for await (const line of lines) {
      text = (text ?? "") + line;
      if (line.trim() === "" || !isUnfinishedJson(text)) break;
    }
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
  if (text === undefined) throw new Stop("Broken off: nothing was changed.");
  return text.trim();
}

function isUnfinishedJson(text: string): boolean {
  if (!/^\s*\[/.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
