import { PROBLEMS, type ProblemCode, problemType } from "@convai-secrets/protocol";
import { expect, test } from "vitest";
import { createConformanceCheck } from "./conformance.ts";

const REQUEST_ID = { required: true, schema: { type: "string", format: "uuid" } };
const RETRY_AFTER = { schema: { type: "integer" } };

/** A small document of the same form as the Worker's. */
const assertConforms = createConformanceCheck({
  paths: {
    "/secrets/{id}": {
      post: {
        responses: {
          200: {
            headers: { "x-request-id": { $ref: "#/components/headers/RequestId" } },
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["id"],
                  properties: { id: { type: "string" } },
                },
              },
            },
          },
          429: {
            headers: { "x-request-id": REQUEST_ID, "retry-after": RETRY_AFTER },
            content: {
              "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
            },
          },
        },
      },
      get: {
        responses: {
          200: {
            headers: { "x-request-id": REQUEST_ID },
            content: { "application/json": { schema: {} } },
          },
        },
      },
    },
  },
  components: {
    headers: { RequestId: REQUEST_ID },
    schemas: {
      Problem: {
        type: "object",
        required: ["type", "title", "status", "code"],
        properties: {
          type: { type: "string" },
          title: { type: "string" },
          status: { type: "integer" },
          code: { type: "string" },
        },
      },
    },
  },
});

const COMMON = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-request-id": "6f1d0c1e-6f0f-4c57-9b40-3f6a5a1de111",
};

const conforms = (response: Response, path = "/secrets/s1", method = "POST") =>
  assertConforms(method, path, response);

function answer(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return Response.json(body, { status, headers: { ...COMMON, ...headers } });
}

function reject(code: ProblemCode, changes: object = {}, headers: Record<string, string> = {}) {
  const { status, title } = PROBLEMS[code];
  const body = { type: problemType(code), title, status, code, ...changes };
  return answer(body, { "content-type": "application/problem+json", ...headers }, status);
}

function without(header: string): Response {
  const response = answer({ id: "s1" });
  response.headers.delete(header);
  return response;
}

test("responses that the document describes conform", async () => {
  await conforms(answer({ id: "s1" }));
  await conforms(reject("rate_limited", {}, { "retry-after": "10" }));
  await conforms(new Response(null, answer({})), "/secrets/s1", "HEAD");
});

test("404 of a path and 405 of a method that the document lacks conform", async () => {
  await conforms(reject("not_found"), "/elsewhere");
  const allow = { allow: "GET, HEAD" };
  await conforms(
    reject("method_not_allowed", {}, allow),
    "https://worker.example/secrets/s1",
    "PUT",
  );
});

test("the body of a checked response can be read", async () => {
  const response = answer({ id: "s1" });
  await conforms(response);
  expect(await response.json()).toEqual({ id: "s1" });
});

test.each<[string, () => Response]>([
  ["header x-request-id is missing", () => without("x-request-id")],
  ["cache-control", () => without("cache-control")],
  ["nosniff", () => without("x-content-type-options")],
  [
    "header access-control-allow-origin",
    () => answer({ id: "s" }, { "access-control-allow-origin": "*" }),
  ],
  ["header retry-after", () => answer({ id: "s1" }, { "retry-after": "1" })],
  ["header retry-after", () => reject("rate_limited", {}, { "retry-after": "soon" })],
  ['property "id"', () => answer({})],
  ['Property "value"', () => answer({ id: "s1", value: "v" })],
  ["content-type", () => answer({ id: "s1" }, { "content-type": "text/html" })],
  ["no such status", () => answer({ id: "s1" }, {}, 201)],
  ["no such status", () => reject("not_found")],
  ["content-type", () => answer({}, {}, 429)],
  ["title", () => reject("rate_limited", { title: "Slow down" })],
  ["type is", () => reject("rate_limited", { type: "about:blank" })],
  ["status is", () => reject("rate_limited", { code: "unauthenticated" })],
  ['Property "input"', () => reject("rate_limited", { input: "the body" })],
])("a response that does not conform is rejected: %s", async (fault, respond) => {
  await expect(conforms(respond())).rejects.toThrow(fault);
});
