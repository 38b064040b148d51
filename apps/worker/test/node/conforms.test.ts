import { expect, test } from "vitest";
import { Problem } from "../../src/problem.ts";
import { assertConforms } from "../support/conforms.ts";

const ID = "6f1d0c1e-6f0f-4c57-9b40-3f6a5a1de111";
const COMMON = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-request-id": ID,
};
const SECRET = { type: "stored", secret_id: "s1", name: "A" };

const conforms = (response: Response, path = "/v1/convai/secrets", method = "POST") =>
  assertConforms(method, path, response);

function answer(body: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return Response.json(body, { status, headers: { ...COMMON, ...headers } });
}

function refuse(problem: Problem, changes: Record<string, unknown> = {}): Promise<Response> {
  return change(problem.toResponse(ID), changes);
}

async function change(response: Response, changes: Record<string, unknown>): Promise<Response> {
  const headers = new Headers({ ...Object.fromEntries(response.headers), ...COMMON });
  const body = { ...((await response.json()) as object), ...changes };
  return new Response(JSON.stringify(body), { status: response.status, headers });
}

test("what the Worker answers conforms", async () => {
  await conforms(answer(SECRET));
  await conforms(answer(SECRET, { "idempotent-replayed": "true" }));
  await conforms(await refuse(new Problem("rate_limited", "…", { retryAfterSeconds: 10 })));
  await conforms(answer({ deliveries: [], next: null }), "/v1/deliveries?limit=1", "GET");
  await conforms(new Response(null, answer({ status: "ok" })), "/healthz", "HEAD");
  await conforms(await refuse(new Problem("not_found", "…")), "/nowhere");
  const headers = { allow: "GET, HEAD" };
  const refusal = await refuse(new Problem("method_not_allowed", "…", { headers }));
  await conforms(refusal, "https://worker.example/healthz", "PUT");
});

test("a response is still to be read after it was found to conform", async () => {
  const response = answer(SECRET);
  await conforms(response);
  expect(await response.json()).toEqual(SECRET);
});

test.each<[string, () => Response | Promise<Response>]>([
  ["header x-request-id is missing", () => without("x-request-id")],
  ["cache-control", () => without("cache-control")],
  ["nosniff", () => without("x-content-type-options")],
  ["header access-control-allow-origin", () => answer(SECRET, cors)],
  ["header retry-after", () => answer(SECRET, { "retry-after": "1" })],
  ["header idempotent-replayed", () => answer(SECRET, { "idempotent-replayed": "yes" })],
  ['property "secret_id"', () => answer({ type: "stored", name: "A" })],
  ['Property "value"', () => answer({ ...SECRET, value: "v" })],
  ["content-type", () => answer(SECRET, { "content-type": "text/html" })],
  ["no such status", () => answer(SECRET, {}, 201)],
  ["no such status", () => refuse(new Problem("not_found", "…"))],
  ["content-type", () => answer({}, {}, 401)],
  ["#/code", () => refuse(new Problem("rate_limited", "…"), { code: "stale_timestamp" })],
  ["title", () => refuse(new Problem("rate_limited", "…"), { title: "Slow down" })],
  ["type is", () => refuse(new Problem("rate_limited", "…"), { type: "about:blank" })],
  ['Property "input"', () => refuse(new Problem("invalid_request", "…"), { input: "the body" })],
  ["errors", () => refuse(new Problem("invalid_request", "…"), { errors: [{ path: "name" }] })],
  ["retry-after", () => wait("soon")],
])("what does not conform is told: %s", async (fault, respond) => {
  await expect(conforms(await respond())).rejects.toThrow(fault);
});

const cors = { "access-control-allow-origin": "*" };

function without(header: string): Response {
  const response = answer(SECRET);
  response.headers.delete(header);
  return response;
}

async function wait(retryAfter: string): Promise<Response> {
  const response = await refuse(new Problem("rate_limited", "…"));
  response.headers.set("retry-after", retryAfter);
  return response;
}
