import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Answers a request that has arrived whole. */
export type Answer = (response: ServerResponse, request: Received) => void;

/**
 * A server on a free port of the loopback interface, with what it got; it ends with the test.
 *
 * @param answers one for each request in turn, the last for all that follow
 */
export async function serve(...answers: [Answer, ...Answer[]]) {
  const received: Received[] = [];
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
