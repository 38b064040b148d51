import { SecretsApiError } from "../src/secrets-api-error.ts";
import { type Answer, answerJson } from "./loopback.ts";

/** The error of a call that must fail with a SecretsApiError. */
export async function failureOf(call: Promise<unknown>): Promise<SecretsApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SecretsApiError) return error;
  throw new Error("The call did not fail with a SecretsApiError", { cause: error });
}

/** Writes the chunk repeatedly until the caller closes the connection. */
export function trickle(chunk: string, everyMs: number, headers: Record<string, string>): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    const timer = setInterval(() => response.write(chunk), everyMs);
    response.on("close", () => clearInterval(timer));
  };
}

/** Writes without end, as fast as the caller reads. */
function flood(status: number): Answer {
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

const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

/** Responses that do not show whether the secret was stored. */
export const UNKNOWABLE: Record<string, Answer> = {
  "a 500": answerJson({ detail: { status: "x" } }, 500),
  "a 502 with HTML": answerJson("<html>bad gateway</html>", 502, { "content-type": "text/html" }),
  "a 503 with retry-after": answerJson({}, 503, { "retry-after": "0" }),
  "a 408": answerJson({ detail: { status: "x" } }, 408, { "retry-after": "0" }),
  "a 425": answerJson({ detail: { status: "x" } }, 425),
  "a 401 with HTML": answerJson("<html>", 401, { "content-type": "text/html" }),
  "a 403 with HTML": answerJson("<html>", 403, { "content-type": "text/html" }),
  "a 405": answerJson({ detail: "Method Not Allowed" }, 405),
  "a 429 without a reason": answerJson({}, 429),
  "an endless 500": flood(500),
  "malformed JSON": answerJson('{"type":"stored","secret_id":'),
  "a wrong shape": answerJson({ ...STORED, secret_id: 7 }),
  "an empty id": answerJson({ ...STORED, secret_id: "" }),
  "another type": answerJson({ ...STORED, type: "new" }),
  "an array": answerJson([STORED]),
  null: answerJson(null),
  "HTML with 200": answerJson("<html>ok</html>", 200, { "content-type": "text/html" }),
  "an empty 200": answerJson(""),
  "a 204": (response) => response.writeHead(204).end(),
  "a body that is not UTF-8": (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(Buffer.from('{"type":"stored","secret_id":"\xff","name":"a"}', "latin1"));
  },
  "a truncated body": (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"type":"stored",', () => response.destroy());
  },
  "a truncated chunked body": (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(JSON.stringify(STORED), () => response.destroy());
  },
  "an endless body": flood(200),
  "a connection closed before the response": (response) => response.destroy(),
  "a connection reset before the response": (response) => response.socket?.resetAndDestroy(),
};
