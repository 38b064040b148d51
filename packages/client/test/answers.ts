import type { Answer } from "./loopback.ts";

/** Answers with JSON, or with a text as it is. */
export function answerJson(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** As the Worker answers what it stored. */
export const stored: Answer = (response, request) => {
  const { name } = JSON.parse(request.body) as { name: string };
  answerJson({ type: "stored", secret_id: "sec_1", name })(response, request);
};

/** A problem document as the Worker writes it. */
export function problem(
  status: number,
  members: Record<string, unknown>,
  headers: Record<string, string> = {},
): Answer {
  const request_id = "0b6bd8a5-4c1f-4c0e-9a39-0e5f0a3a5b3c";
  const type = `urn:convai-secrets:problem:${members["code"]}`;
  const document = { type, title: "T", status, detail: "D", request_id, ...members };
  return answerJson(document, status, { "content-type": "application/problem+json", ...headers });
}

/** Writes again and again until the caller hangs up. */
export function trickle(chunk: string, everyMs: number): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write(chunk), everyMs);
    response.on("close", () => clearInterval(timer));
  };
}

/** Writes as fast as the caller reads, without end. */
export function flood(status: number): Answer {
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

/** What breaks off: a request that was sent, and got no complete answer. */
export const LOST: Record<string, Answer> = {
  "a dropped connection": (response) => response.destroy(),
  "a reset connection": (response) => response.socket?.resetAndDestroy(),
  "a truncated body": (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"type":"stored",', () => response.destroy());
  },
  "a truncated chunked body": (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"type":"stored",', () => response.destroy());
  },
};
