import { Validator } from "@cfworker/json-schema";
import { PROBLEMS, type ProblemCode, problemType } from "@convai-secrets/protocol";
import document from "../../src/openapi.json" with { type: "json" };

type Json = { [key: string]: unknown };

interface Header {
  readonly required?: boolean;
  readonly schema: Json;
}

interface Answer {
  readonly headers: Readonly<Record<string, Header | { readonly $ref: string }>>;
  readonly content: Readonly<Record<string, { readonly schema: Json }>>;
}

/** What the server in front adds, and what every answer has besides what its operation says. */
const COMMON_HEADERS = new Set([
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "keep-alive",
  "mf-content-encoding",
  "transfer-encoding",
  "vary",
  "x-content-type-options",
]);

const REQUEST_ID = { "x-request-id": document.components.headers.RequestId };

/** Not part of any operation, and so not of the document. */
const NOT_FOUND = describeProblem("not_found", {});
const METHOD_NOT_ALLOWED = describeProblem("method_not_allowed", {
  allow: { required: true, schema: { pattern: "^[A-Z]+(, [A-Z]+)*$" } },
});

const components = closeObjects(document.components) as Json;

/**
 * Holds a response against the OpenAPI document: its status, headers, media type and body. Stricter
 * than the document in one way: no member of a body and no header may be there that it does not name.
 * The response can be read afterwards.
 *
 * @param url absolute, or a path
 * @throws {Error} that lists what does not conform
 * @example
 * ```ts
 * const response = await exports.default.fetch(request);
 * await assertConforms(request.method, request.url, response);
 * ```
 */
export async function assertConforms(
  method: string,
  url: string,
  response: Response,
): Promise<void> {
  const path = new URL(url, "http://worker.invalid").pathname;
  const answer = findAnswer(method, path, response.status);
  const faults =
    answer === undefined
      ? ["the document knows no such status"]
      : [
          ...checkHeaders(answer, response.headers),
          ...checkBody(answer, method, response, await response.clone().text()),
        ];
  if (faults.length === 0) return;
  throw new Error(`${method} ${path} ${response.status} does not conform: ${faults.join("; ")}`);
}

function findAnswer(method: string, path: string, status: number): Answer | undefined {
  const operations = (document.paths as Record<string, Json>)[path];
  if (operations === undefined) return status === 404 ? NOT_FOUND : undefined;
  const operation = operations[method === "HEAD" ? "get" : method.toLowerCase()];
  if (operation === undefined) return status === 405 ? METHOD_NOT_ALLOWED : undefined;
  return (operation as { responses: Record<string, Answer> }).responses[status];
}

function checkHeaders(answer: Answer, headers: Headers): string[] {
  const faults: string[] = [];
  if (headers.get("cache-control") !== "no-store") faults.push("cache-control is not no-store");
  if (headers.get("x-content-type-options") !== "nosniff") faults.push("no nosniff");
  for (const name of headers.keys()) {
    if (!COMMON_HEADERS.has(name) && !(name in answer.headers)) faults.push(`header ${name}`);
  }
  for (const [name, reference] of Object.entries(answer.headers)) {
    const { required, schema } = resolveHeader(reference);
    const text = headers.get(name);
    if (text === null) {
      if (required) faults.push(`header ${name} is missing`);
    } else {
      const value = schema["type"] === "integer" && /^\d+$/.test(text) ? Number(text) : text;
      faults.push(...validate(schema, value).map((fault) => `header ${name}: ${fault}`));
    }
  }
  return faults;
}

function resolveHeader(header: Header | { readonly $ref: string }): Header {
  if (!("$ref" in header)) return header;
  const name = header.$ref.slice("#/components/headers/".length);
  return (document.components.headers as Record<string, Header>)[name] as Header;
}

function checkBody(answer: Answer, method: string, response: Response, text: string): string[] {
  const type = response.headers.get("content-type") ?? "none";
  const media = answer.content[type];
  if (media === undefined) return [`content-type ${type}`];
  if (method === "HEAD") return text === "" ? [] : ["HEAD has a body"];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ["the body is not JSON"];
  }
  const faults = validate(closeObjects(media.schema) as Json, body);
  return type === "application/problem+json" && faults.length === 0
    ? checkProblem(body as { code: ProblemCode; type: string; title: string }, response.status)
    : faults;
}

function checkProblem(body: { code: ProblemCode; type: string; title: string }, status: number) {
  const faults: string[] = [];
  const expected = PROBLEMS[body.code];
  if (body.type !== problemType(body.code)) faults.push("type is not the code's");
  if (body.title !== expected.title) faults.push("title is not the code's");
  if (status !== expected.status) faults.push("status is not the code's");
  return faults;
}

function validate(schema: Json, value: unknown): string[] {
  const { errors } = new Validator({ ...schema, components }, "2020-12", false).validate(value);
  return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
}

function describeProblem(code: ProblemCode, headers: Readonly<Record<string, Header>>): Answer {
  const schema = {
    allOf: [
      { $ref: "#/components/schemas/Problem" },
      { properties: { code: { const: code }, status: { const: PROBLEMS[code].status } } },
    ],
  };
  return {
    headers: { ...REQUEST_ID, ...headers },
    content: { "application/problem+json": { schema } },
  };
}

/** Takes no members in but those named: a client must tolerate new ones, this suite must not. */
function closeObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeObjects);
  if (typeof schema !== "object" || schema === null) return schema;
  const closed: Json = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closeObjects(value)]),
  );
  const isOpen = closed["type"] === "object" && "properties" in closed;
  return isOpen ? { additionalProperties: false, ...closed } : closed;
}
