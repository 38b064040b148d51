import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string | undefined;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Answers a request whose body has arrived. */
export type ServerAnswer = (response: ServerResponse, request: ReceivedRequest) => void;

/** A server on the loopback interface. */
export interface LoopbackServer {
  readonly url: string;
  readonly received: ReceivedRequest[];
}

/**
 * Serves scripted answers on a free port of the loopback interface, until the test is finished.
 *
 * @param answers the first answers the first request, and so on; the last answers all that follow
 * @example
 * ```ts
 * const { url, received } = await serveLoopback(answerJson({}, 503), answerJson(STORED));
 * ```
 */
export async function serveLoopback(
  ...answers: [ServerAnswer, ...ServerAnswer[]]
): Promise<LoopbackServer> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const { method, url = "", headers } = message;
    const body = Buffer.concat(chunks).toString();
    const request = { method, url, headers, body, at: Date.now() };
    received.push(request);
    (answers[received.length - 1] ?? answers.at(-1))?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
