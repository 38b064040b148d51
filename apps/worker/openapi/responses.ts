import { HEADERS, PROBLEMS, type ProblemCode } from "@convai-secrets/protocol";
import { reference } from "./schemas.ts";

const REQUEST_ID = { [HEADERS.requestId]: { $ref: "#/components/headers/RequestId" } };

const RETRY_AFTER = { "retry-after": { $ref: "#/components/headers/RetryAfter" } };

/** The headers that come with some problems of a status. */
const PROBLEM_HEADERS: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  401: { "www-authenticate": { schema: { type: "string" } } },
  408: RETRY_AFTER,
  429: RETRY_AFTER,
  500: RETRY_AFTER,
  502: RETRY_AFTER,
  503: RETRY_AFTER,
  504: RETRY_AFTER,
};

/** A success with a JSON body. */
export function success(description: string, schema: object, headers: object = {}): object {
  return {
    200: {
      description,
      headers: { ...REQUEST_ID, ...headers },
      content: { "application/json": { schema } },
    },
  };
}

/** The responses with which an operation answers these problems, one a status. */
export function problems(...codes: readonly ProblemCode[]): object {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [status, problem(status, group)]),
  );
}

function problem(status: number, codes: readonly ProblemCode[]): object {
  const narrowed = { properties: { code: { enum: codes }, status: { const: status } } };
  return {
    description: codes.map((code) => `${code}: ${PROBLEMS[code].title}`).join("; "),
    headers: { ...REQUEST_ID, ...PROBLEM_HEADERS[status] },
    content: {
      "application/problem+json": { schema: { allOf: [reference("Problem"), narrowed] } },
    },
  };
}
