import type { Report } from "../report.ts";
import { paint } from "./paint.ts";

/**
 * Writes the result of a command: for people, or as one JSON document on standard output.
 *
 * @returns the error code of a stream that could not be written; `undefined` on success, and after
 * EPIPE: a reader that has gone away (`| head`) is no error
 */
export async function writeReport(report: Report, json: boolean): Promise<string | undefined> {
  const { document, text, notes, exitCode } = report;
  const style = exitCode === 0 ? "yellow" : "red";
  const output = json ? JSON.stringify(document, null, 2) : text;
  const failure = output === "" ? undefined : await write(process.stdout, `${output}\n`);
  for (const note of notes) {
    await write(process.stderr, `${paint(process.stderr, style, note)}\n`);
  }
  return failure;
}

/** Writes a text to a stream, and waits until it is written. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (error?: NodeJS.ErrnoException | null) => {
      stream.off("error", end);
      resolve(error && error.code !== "EPIPE" ? (error.code ?? "unknown") : undefined);
    };
    stream.once("error", end);
    stream.write(text, end);
  });
}
