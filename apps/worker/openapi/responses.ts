import { HEADERS, PROBLEM_CODES, PROBLEMS, type ProblemCode } from "@convai-secrets/protocol";
import { reference } from "./schemas.ts";

const REQUEST_ID = { [HEADERS.requestId]: { $ref: "#/components/headers/RequestId" } };
const RETRY_AFTER = { "retry-after": { $ref: "#/components/headers/RetryAfter" } };

/** On Cloudflare, `/healthz` names the version. */
export const VERSION = { [HEADERS.version]: { schema: { type: "string" } } };

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

/** The responses of an operation that can end with these problems, one per status. */
export function problems(...codes: readonly ProblemCode[]): object {
  const statuses = new Set(codes.map((code) => PROBLEMS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  );
}

/** The document's `components.responses`: one per status, with all codes of the status. */
export const responses: object = Object.fromEntries(
  [...Map.groupBy(PROBLEM_CODES, (code) => PROBLEMS[code].status)].map(([status, codes]) => [
    `Problem${status}`,
    describeProblem(status, codes),
  ]),
);

function describeProblem(status: number, codes: readonly ProblemCode[]): object {
  const narrowed = { properties: { code: { enum: codes }, status: { const: status } } };
  return {
    description: "A problem document",
    headers: {
      ...REQUEST_ID,
      ...(status === 401 && { "www-authenticate": { schema: { type: "string" } } }),
      ...(status === 405 && { allow: { schema: { type: "string" } } }),
      ...(codes.includes("misconfigured") && VERSION),
      ...(codes.some((code) => PROBLEMS[code].retryable) && RETRY_AFTER),
    },
    content: {
      "application/problem+json": { schema: { allOf: [reference("Problem"), narrowed] } },
    },
  };
}
