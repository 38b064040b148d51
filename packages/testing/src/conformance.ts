import { Validator } from "@cfworker/json-schema";
import { PROBLEMS, type ProblemCode, problemType } from "@convai-secrets/protocol";

type Json = { [key: string]: unknown };

interface Header {
  readonly required?: boolean;
  readonly schema: Json;
}

type Reference = { readonly $ref: string };

interface Answer {
  readonly headers?: Readonly<Record<string, Header | Reference>>;
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}

/** What this check reads of an OpenAPI 3.1 document. */
interface OpenApiDocument {
  readonly paths: object;
  readonly components: {
    readonly headers: object;
    readonly schemas: object;
    readonly responses?: object;
  };
}

/**
 * Checks a response against the OpenAPI document. The response can be read afterwards.
 *
 * @param url absolute, or a path
 * @throws {Error} that lists what does not conform
 */
export type ConformanceCheck = (method: string, url: string, response: Response) => Promise<void>;

/** Headers that the server in front adds, and those that every answer has. */
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

/**
 * Makes a check of responses against an OpenAPI document: status, headers, media type and body. It is
 * stricter than the document in one way: it rejects headers and members of a body that the document
 * does not name.
 *
 * @example
 * ```ts
 * const assertConforms = createConformanceCheck(document);
 * await assertConforms(request.method, request.url, response);
 * ```
 */
export function createConformanceCheck(document: OpenApiDocument): ConformanceCheck {
  const headers = document.components.headers as Readonly<Record<string, Header>>;
  const components = closeObjects(document.components) as Json;
  const validate = (schema: Json, value: unknown): string[] => {
    const { errors } = new Validator({ ...schema, components }, "2020-12", false).validate(value);
    return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
  };

  const checkHeaders = (answer: Answer, actual: Headers): string[] => {
    const expected = Object.entries(answer.headers ?? {});
    const faults = checkCommonHeaders(answer, actual);
    for (const [name, reference] of expected) {
      const { required, schema } = resolveHeader(reference, headers);
      const text = actual.get(name);
      if (text === null) {
        if (required) faults.push(`header ${name} is missing`);
      } else {
        const value = schema["type"] === "integer" && /^\d+$/.test(text) ? Number(text) : text;
        faults.push(...validate(schema, value).map((fault) => `header ${name}: ${fault}`));
      }
    }
    return faults;
  };

  const checkBody = async (answer: Answer, method: string, response: Response) => {
    const text = await response.clone().text();
    const type = response.headers.get("content-type") ?? "missing";
    const media = answer.content?.[type];
    if (media === undefined) return [`content-type ${type}`];
    if (method === "HEAD") return text === "" ? [] : ["HEAD has a body"];
    if (!type.endsWith("json")) return [];
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return ["the body is not JSON"];
    }
    const faults = validate(closeObjects(media.schema) as Json, body);
    if (type !== "application/problem+json" || faults.length > 0) return faults;
    return checkProblem(body as ProblemMembers, response.status);
  };

  return async (method, url, response) => {
    const path = new URL(url, "http://worker.invalid").pathname;
    const answer = findAnswer(document, method, path, response.status);
    const faults =
      answer === undefined
        ? ["the document has no such status"]
        : [
            ...checkHeaders(answer, response.headers),
            ...(await checkBody(answer, method, response)),
          ];
    if (faults.length === 0) return;
    throw new Error(`${method} ${path} ${response.status} does not conform: ${faults.join("; ")}`);
  };
}

function findAnswer(
  document: OpenApiDocument,
  method: string,
  path: string,
  status: number,
): Answer | undefined {
  const operations = findPath(document.paths as Readonly<Record<string, Json>>, path);
  // An invalid configuration answers every request.
  const isMisconfigured = status === PROBLEMS.misconfigured.status;
  const misconfigured = isMisconfigured ? describeProblem("misconfigured") : undefined;
  if (operations === undefined) {
    return status === PROBLEMS.not_found.status ? describeProblem("not_found") : misconfigured;
  }
  const operation = operations[method === "HEAD" ? "get" : method.toLowerCase()];
  if (operation !== undefined) {
    const { responses } = operation as { responses: Record<string, Answer | Reference> };
    return resolveAnswer(responses[status], document);
  }
  const isAllowed = status !== PROBLEMS.method_not_allowed.status;
  return isAllowed ? misconfigured : describeProblem("method_not_allowed", ALLOW);
}

function resolveAnswer(
  answer: Answer | Reference | undefined,
  { components }: OpenApiDocument,
): Answer | undefined {
  if (answer === undefined || !("$ref" in answer)) return answer;
  const name = answer.$ref.slice("#/components/responses/".length);
  return (components.responses as Readonly<Record<string, Answer>>)[name];
}

/** The operations of a path, which may be one of a template such as `/secrets/{secret_id}`. */
function findPath(paths: Readonly<Record<string, Json>>, path: string): Json | undefined {
  const template = Object.keys(paths).find((key) => {
    const pattern = key.replace(/[.]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+");
    return new RegExp(`^${pattern}$`).test(path);
  });
  return template === undefined ? undefined : paths[template];
}

const ALLOW = { allow: { required: true, schema: { pattern: "^[A-Z]+(, [A-Z]+)*$" } } };

/** An answer that belongs to no operation, and so is not in the document. */
function describeProblem(
  code: ProblemCode,
  headers: Readonly<Record<string, Header>> = {},
): Answer {
  const { status } = PROBLEMS[code];
  const schema = {
    allOf: [
      { $ref: "#/components/schemas/Problem" },
      { properties: { code: { const: code }, status: { const: status } } },
    ],
  };
  return {
    headers: { "x-request-id": { $ref: "#/components/headers/RequestId" }, ...headers },
    content: { "application/problem+json": { schema } },
  };
}

function checkCommonHeaders(answer: Answer, headers: Headers): string[] {
  const faults: string[] = [];
  if (headers.get("cache-control") !== "no-store") faults.push("cache-control is not no-store");
  if (headers.get("x-content-type-options") !== "nosniff") faults.push("no nosniff");
  for (const name of headers.keys()) {
    const isKnown = COMMON_HEADERS.has(name) || name in (answer.headers ?? {});
    if (!isKnown) faults.push(`header ${name}`);
  }
  return faults;
}

function resolveHeader(
  header: Header | Reference,
  headers: Readonly<Record<string, Header>>,
): Header {
  if (!("$ref" in header)) return header;
  return headers[header.$ref.slice("#/components/headers/".length)] as Header;
}

interface ProblemMembers {
  readonly code: ProblemCode;
  readonly type: string;
  readonly title: string;
}

function checkProblem({ code, type, title }: ProblemMembers, status: number): string[] {
  const faults: string[] = [];
  const expected = PROBLEMS[code];
  if (type !== problemType(code)) faults.push("type is not the code's");
  if (title !== expected.title) faults.push("title is not the code's");
  if (status !== expected.status) faults.push("status is not the code's");
  return faults;
}

/** Rejects members that the schema does not name: clients must tolerate them, this check must not. */
function closeObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeObjects);
  if (typeof schema !== "object" || schema === null) return schema;
  const closed: Json = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closeObjects(value)]),
  );
  const isOpen = closed["type"] === "object" && "properties" in closed;
  return isOpen ? { additionalProperties: false, ...closed } : closed;
}
