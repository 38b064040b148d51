import { describe, expect, test } from "vitest";
import type { Operation } from "./operation.ts";
import { parseErrorResponse } from "./parse-error-response.ts";
import { runCall } from "./request-options.ts";
import type { SecretsApiError } from "./secrets-api-error.ts";

const SENT = "sent_by_us";
const CREATE: Operation = { method: "POST", path: "/v1/convai/secrets", effect: "write" };
const UPDATE: Operation = { ...CREATE, method: "PATCH", path: "/v1/convai/secrets/{secret_id}" };
const LIST: Operation = { ...CREATE, method: "GET", effect: "read" };

function parseText(text: string | null, init: ResponseInit, operation = CREATE) {
  const answer = { response: new Response(text, init), sent: [SENT] };
  return runCall(operation, { apiKey: "key" }, (call) => parseErrorResponse(answer, call));
}

function parse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  operation = CREATE,
): Promise<SecretsApiError> {
  return parseText(JSON.stringify(body), { status, headers }, operation);
}

/** The newest of the three shapes. */
function detailed(fields: Record<string, unknown>) {
  return { detail: { type: "some_error", message: "canary", ...fields } };
}

/** The older shape. */
function brief(status: string) {
  return { detail: { status, message: "canary" } };
}

/** The shape of validation errors. */
const VALIDATION = { detail: [{ type: "missing", loc: ["body", "value"], msg: "canary" }] };

const SHAPES = [
  ["detailed", detailed({ code: "some_reason" })],
  ["brief", brief("some_reason")],
  ["validation", VALIDATION],
] as const;

const FOREIGN = [
  ["an HTML page", "<html>Forbidden</html>"],
  ["an empty body", ""],
  ["no object", "[]"],
  ["null", "null"],
  ["detail as text", '{"detail":"Not Found"}'],
  ["an empty detail", '{"detail":{}}'],
  ["an empty list of issues", '{"detail":[]}'],
  ["issues without a type", '{"detail":[{"loc":["name"]}]}'],
  ["a reason that is not text", '{"detail":{"status":[],"code":7}}'],
  ["another API's error", '{"error":{"code":"forbidden"}}'],
] as const;

describe.each(SHAPES)("in the %s shape", (_, body) => {
  test.each([
    [400, "rejected"],
    [401, "refused"],
    [402, "refused"],
    [403, "refused"],
    [409, "rejected"],
    [413, "rejected"],
    [422, "rejected"],
    [429, "rate_limited"],
    [451, "rejected"],
  ])("a %i proves that nothing was applied: %s", async (status, code) => {
    expect(await parse(status, body)).toMatchObject({ code, outcome: "not_applied", status });
  });

  test.each([404, 405, 408, 425])("a %i of a create is inconclusive", async (status) => {
    expect(await parse(status, body)).toMatchObject({ code: "failed", outcome: "unknown" });
  });

  test("a 404 of an update means that the secret does not exist", async () => {
    expect(await parse(404, body, {}, UPDATE)).toMatchObject({
      code: "not_found",
      outcome: "not_applied",
      status: 404,
    });
  });

  test("a 404 of a listing says nothing about secrets", async () => {
    expect(await parse(404, body, {}, LIST)).toMatchObject({ code: "failed" });
  });

  test("after a 500 the handler has ended, and the outcome is unknown", async () => {
    expect(await parse(500, body)).toMatchObject({
      code: "failed",
      outcome: "unknown",
      handlerEnded: true,
    });
  });

  test.each([502, 503, 504, 529])(
    "after a %i the handler can still be running, and the outcome is unknown",
    async (status) => {
      expect(await parse(status, body)).toMatchObject({
        code: "failed",
        outcome: "unknown",
        handlerEnded: false,
      });
    },
  );
});

describe.each(FOREIGN)("with %s", (_, text) => {
  test.each([400, 401, 403, 404, 409, 422, 429, 451, 500, 503])(
    "a %i can come from a gateway, so the outcome is unknown",
    async (status) => {
      for (const operation of [CREATE, UPDATE]) {
        const headers = { "retry-after": "7" };
        const error = await parseText(text, { status, headers }, operation);
        expect(error).toMatchObject({
          code: "failed",
          outcome: "unknown",
          status,
          handlerEnded: false,
          retryAfterMs: 7000,
          issues: [],
        });
      }
    },
  );
});

test.each([301, 302, 303, 304, 307, 308])("a redirect (%i) is a failure", async (status) => {
  const error = await parseText(null, { status });
  expect(error).toMatchObject({ code: "failed", outcome: "unknown", status });
});

test.each([408, 425, 502])("a listing that fails with %i applied nothing", async (status) => {
  const error = await parse(status, VALIDATION, {}, LIST);
  expect(error).toMatchObject({ code: "failed", outcome: "not_applied" });
});

describe("the API's reason", () => {
  test.each([
    ["invalid_api_key", detailed({ code: "invalid_api_key", status: "invalid_api_key" })],
    ["invalid_api_key", brief("invalid_api_key")],
    ["missing_permissions", brief("missing_permissions")],
    ["missing_permissions", detailed({ code: "missing_permissions", status: "error" })],
    ["missing_permissions", detailed({ code: "missing_permissions", status: 401 })],
    ["needs_authorization", brief("needs_authorization")],
  ])("%s is about the API key, with 401 and 403", async (upstreamCode, body) => {
    for (const status of [401, 403]) {
      const error = await parse(status, body);
      expect(error).toMatchObject({ code: "api_key_refused", upstreamCode, status });
    }
  });

  test.each(["quota_exceeded", "detected_unusual_activity", "something_new"])(
    "%s is about the account, with 401 and 403",
    async (upstreamCode) => {
      for (const status of [401, 403]) {
        const error = await parse(status, brief(upstreamCode));
        expect(error).toMatchObject({ code: "refused", upstreamCode, status });
      }
    },
  );

  test.each(["rate_limit_exceeded", "concurrent_limit_exceeded", "system_busy"])(
    "%s of a 429 is kept, with retry-after",
    async (upstreamCode) => {
      for (const body of [detailed({ code: upstreamCode }), brief(upstreamCode)]) {
        const error = await parse(429, body, { "retry-after": "7" });
        expect(error).toMatchObject({ code: "rate_limited", upstreamCode, retryAfterMs: 7000 });
      }
    },
  );

  test.each(["Quota", "a b", "a1", "a-b", "x".repeat(65), "ключ", SENT])(
    "is dropped unless it is lower-case letters and underscores that were not sent: %j",
    async (reason) => {
      expect((await parse(400, brief(reason))).upstreamCode).toBeUndefined();
    },
  );

  test("a reason cannot make a 500 a rejection", async () => {
    const error = await parse(500, brief("missing_permissions"));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
  });
});

describe("a validation error", () => {
  const whole = { type: "new", name: "canary" };

  test("keeps field names and known rules, and drops the API's text", async () => {
    const error = await parse(422, {
      detail: [
        { type: "missing", loc: ["body", "value"], msg: "canary", input: whole },
        { type: "string_type", loc: ["body", "name"], msg: "canary", input: "canary", ctx: {} },
        { type: "string_too_long", loc: ["body", "name", 4815162342], msg: "canary" },
        { type: "unheard_of", loc: ["body", 1, null, {}], msg: "canary" },
      ],
    });
    expect(error.issues).toEqual([
      { path: "value", rule: "is required" },
      { path: "name", rule: "must be a string" },
      { path: "name", rule: "is too long" },
      { path: "", rule: "was rejected" },
    ]);
    expect(JSON.stringify(error)).not.toMatch(/canary|4815/);
  });

  test("drops path parts that are not fields of the API", async () => {
    const loc = ["body", "canary", "name"];
    const error = await parse(422, { detail: [{ type: "extra_forbidden", loc }] });
    expect(error.issues).toEqual([{ path: "name", rule: "is not a known field" }]);
  });

  test.each(["constructor", "toString", "__proto__", "canary"])(
    "has no rule for the type %s",
    async (type) => {
      const error = await parse(422, { detail: [{ type, loc: ["body", "name"] }] });
      expect(error.issues).toEqual([{ path: "name", rule: "was rejected" }]);
    },
  );

  test("keeps 20 of 100,000 issues", async () => {
    const issue = { type: "missing", loc: ["name"] };
    const error = await parse(422, { detail: Array(100_000).fill(issue) });
    expect(error).toMatchObject({ code: "rejected", outcome: "not_applied" });
    expect(error.issues).toHaveLength(20);
  });

  test("reads param of the newest shape if it is a field of the API", async () => {
    expect((await parse(422, detailed({ code: "x", param: "name" }))).issues).toEqual([
      { path: "name", rule: "was rejected" },
    ]);
    expect((await parse(422, detailed({ code: "x", param: "canary" }))).issues).toEqual([]);
  });
});

describe("the request id", () => {
  test.each([
    ["request-id", { "request-id": "req-1", "x-request-id": "req-2" }, "req-1"],
    ["x-request-id", { "x-request-id": "req-2" }, "req-2"],
    ["x-request-id if request-id is malformed", { "request-id": "a b", "x-request-id": "r" }, "r"],
    ["the body", {}, "req-3"],
    ["the body if the header is malformed", { "request-id": "<b>" }, "req-3"],
  ])("comes from %s", async (_, headers: Record<string, string>, id) => {
    const error = await parse(422, detailed({ code: "x", request_id: "req-3" }), headers);
    expect(error.requestId).toBe(id);
  });

  test.each(["", "a b", "canary@example.com", "x".repeat(65), "ключ", 7, null, {}])(
    "is dropped if it is malformed: %j",
    async (request_id) => {
      const error = await parse(422, detailed({ code: "x", request_id }));
      expect(error.requestId).toBeUndefined();
    },
  );

  test("is dropped if it contains what was sent", async () => {
    const headers = { "request-id": SENT, "x-request-id": `req_${SENT}` };
    const error = await parse(400, detailed({ code: "x", request_id: SENT }), headers);
    expect(error.requestId).toBeUndefined();
  });
});
