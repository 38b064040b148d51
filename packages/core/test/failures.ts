import {
  answerEndlessly,
  answerJson,
  catchError,
  type ServerAnswer,
} from "@convai-secrets/testing";
import { SecretsApiError } from "../src/secrets-api-error.ts";

/** The error of a call that must fail with a SecretsApiError. */
export function failureOf(call: Promise<unknown>): Promise<SecretsApiError> {
  return catchError(call, SecretsApiError);
}

const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

/** Responses that do not show whether the secret was stored. */
export const UNKNOWABLE: Record<string, ServerAnswer> = {
  "a 500": answerJson({ detail: { status: "x" } }, 500),
  "a 502 with HTML": answerJson("<html>bad gateway</html>", 502, { "content-type": "text/html" }),
  "a 503 with retry-after": answerJson({}, 503, { "retry-after": "0" }),
  "a 408": answerJson({ detail: { status: "x" } }, 408, { "retry-after": "0" }),
  "a 425": answerJson({ detail: { status: "x" } }, 425),
  "a 401 with HTML": answerJson("<html>", 401, { "content-type": "text/html" }),
  "a 403 with HTML": answerJson("<html>", 403, { "content-type": "text/html" }),
  "a 405": answerJson({ detail: "Method Not Allowed" }, 405),
  "a 429 without a reason": answerJson({}, 429),
  "an endless 500": answerEndlessly(500),
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
  "an endless body": answerEndlessly(200),
  "a connection closed before the response": (response) => response.destroy(),
  "a connection reset before the response": (response) => response.socket?.resetAndDestroy(),
};
