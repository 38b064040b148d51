import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** How long `wrangler dev` may take to start, on a slow machine with a cold disk. */
const START_TIMEOUT_MS = 60_000;

interface WaitOptions {
  readonly signal: AbortSignal;
  /** Takes what is written from then on. */
  readonly onLine: ((line: string) => void) | undefined;
}

/**
 * Waits until `wrangler dev` listens, and gives its address.
 *
 * @throws {Error} with what it said, if it ends before or takes too long
 * @throws the signal's reason, if that aborts first
 */
export function waitUntilReady(
  child: ChildProcess,
  { signal, onLine = () => {} }: WaitOptions,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const said: string[] = [];
  const fail = (fault: string) => reject(new Error([fault, ...said].join("\n")));
  const abort = () => reject(signal.reason);
  const timeout = setTimeout(() => fail("wrangler dev took too long:"), START_TIMEOUT_MS);

  let take = (line: string) => {
    said.push(line);
    const url = /Ready on (http:\/\/\S+)/.exec(line)?.[1];
    if (url === undefined) return;
    take = onLine;
    resolve(url);
  };
  for (const input of [child.stdout, child.stderr]) {
    if (input !== null) createInterface({ input }).on("line", (line) => take(line));
  }
  child.once("error", reject);
  child.once("exit", () => fail("wrangler dev did not start:"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });

  return promise.finally(() => {
    clearTimeout(timeout);
    signal.removeEventListener("abort", abort);
  });
}
