import type { Report } from "../report.ts";
import { paint } from "./paint.ts";

/** Writes what a command has to say: for people, or as one JSON document on standard output. */
export async function writeReport(report: Report, json: boolean): Promise<void> {
  const { document, text, notes, exitCode } = report;
  const style = exitCode === 0 ? "yellow" : "red";
  if (json) await write(process.stdout, `${JSON.stringify(document, null, 2)}\n`);
  else if (text !== "") await write(process.stdout, `${text}\n`);
  for (const note of notes) {
    await write(process.stderr, `${paint(process.stderr, style, note)}\n`);
  }
}

/** Waits until it is written; a reader that has gone away (`| head`) is no fault. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.write(text, () => resolve());
  });
}
