import type { ServerAnswer } from "./loopback-server.ts";

/** Answers with JSON. A string is sent as it is. */
export function answerJson(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ServerAnswer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** Writes a chunk at each interval until the client disconnects. */
export function answerSlowly(
  chunk: string,
  everyMs: number,
  headers: Readonly<Record<string, string>> = {},
): ServerAnswer {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    const timer = setInterval(() => response.write(chunk), everyMs);
    response.on("close", () => clearInterval(timer));
  };
}

/** Writes white space as fast as the client reads it, without end. */
export function answerEndlessly(status: number): ServerAnswer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    const chunk = " ".repeat(256 * 1024);
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", write);
    write();
  };
}
