import { type ProblemCode, problemType } from "@convai-secrets/protocol";
import { answerJson, type ServerAnswer } from "@convai-secrets/testing";

/** The answer of the Worker to a delivery that was stored. */
export const stored: ServerAnswer = (response, request) => {
  const { name } = JSON.parse(request.body) as { name: string };
  answerJson({ type: "stored", secret_id: "sec_1", name })(response, request);
};

/** A problem document of the Worker. */
export function problem(
  status: number,
  members: Record<string, unknown>,
  headers: Record<string, string> = {},
): ServerAnswer {
  const request_id = "0b6bd8a5-4c1f-4c0e-9a39-0e5f0a3a5b3c";
  const type = problemType(members["code"] as ProblemCode);
  const document = { type, title: "T", status, detail: "D", request_id, ...members };
  return answerJson(document, status, { "content-type": "application/problem+json", ...headers });
}

/** Requests that were sent and got no complete answer. */
export const LOST: Record<string, ServerAnswer> = {
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
