import { type IncomingMessage, request as openRequest, type ServerResponse } from "node:http";

/** Forwards a request and its answer. A connection that one side closes is closed on the other. */
export function forward(address: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request;
  const { host: _, ...rest } = headers;
  const onward = openRequest(address, { method, headers: rest, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
    answer.on("aborted", () => response.destroy());
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
