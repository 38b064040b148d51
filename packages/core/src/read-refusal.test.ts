import { describe, expect, test } from "vitest";
import { parseRetryAfter, readRefusal } from "./read-refusal.ts";

const SENT = "sent_7f3a";

function refuse(status: number, body?: unknown, headers: Record<string, string> = {}) {
  const text = body === undefined ? null : JSON.stringify(body);
  return readRefusal({ response: new Response(text, { status, headers }), sent: [SENT] });
}

/** The newest of the three shapes. */
function detail(fields: Record<string, unknown>) {
  return { detail: { type: "some_error", message: "canary", ...fields } };
}

describe("the status decides", () => {
  test.each([
    [400, "rejected"],
    [401, "api_key_invalid"],
    [402, "rejected"],
    [403, "permission_missing"],
    [404, "rejected"],
    [409, "rejected"],
    [413, "rejected"],
    [422, "rejected"],
    [429, "rate_limited"],
    [451, "rejected"],
    [499, "rejected"],
  ])("%i: nothing was created, %s", async (status, code) => {
    expect(await refuse(status)).toMatchObject({ code, outcome: "not_created", status });
  });

  test.each([301, 302, 303, 304, 307, 308, 408, 500, 502, 503, 504, 529])(
    "%i: nobody can tell",
    async (status) => {
      expect(await refuse(status)).toMatchObject({ code: "failed", outcome: "unknown", status });
    },
  );

  test("of a call that cannot create, nothing was created", async () => {
    const error = await readRefusal(
      { response: new Response(null, { status: 502 }), sent: [] },
      "not_created",
    );
    expect(error).toMatchObject({ code: "failed", outcome: "not_created" });
  });

  test("a body cannot make a failure a refusal", async () => {
    const error = await refuse(500, detail({ status: "missing_permissions" }));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
  });

  test.each([
    "<html>",
    "",
    "[]",
    "null",
    '{"detail":7}',
    '{"detail":[{"loc":"name"}]}',
    '{"detail":{"status":[]}}',
  ])("a body in no known shape takes nothing away: %s", async (text) => {
    const error = await readRefusal({ response: new Response(text, { status: 422 }), sent: [] });
    expect(error).toMatchObject({ code: "rejected", status: 422, issues: [] });
  });
});

describe("a refused key", () => {
  test.each([
    ["code and status", detail({ code: "missing_permissions", status: "missing_permissions" })],
    ["code beside another status", detail({ code: "missing_permissions", status: "error" })],
    ["code beside a status of another type", detail({ code: "missing_permissions", status: 401 })],
    ["status alone", { detail: { status: "missing_permissions", message: "canary" } }],
  ])("lacks a permission: %s", async (_, body) => {
    expect(await refuse(401, body)).toMatchObject({ code: "permission_missing", status: 401 });
  });

  test.each([
    ["code", detail({ code: "invalid_api_key", status: "invalid_api_key" })],
    ["status", { detail: { status: "invalid_api_key", message: "canary" } }],
  ])("is wrong: %s", async (_, body) => {
    expect(await refuse(401, body)).toMatchObject({ code: "api_key_invalid", status: 401 });
  });
});

describe("the validation error", () => {
  const whole = { type: "new", name: "canary" };

  test("keeps paths and rules, and nothing else", async () => {
    const error = await refuse(422, {
      detail: [
        { type: "missing", loc: ["body", "value"], msg: "canary", input: whole },
        { type: "string_type", loc: ["body", "name"], msg: "canary", input: "canary", ctx: {} },
        { type: "string_too_long", loc: ["body", "name", 0], msg: "canary" },
        { type: "unheard_of", loc: ["body"], msg: "canary" },
      ],
    });
    expect(error.issues).toEqual([
      { path: "value", rule: "is required" },
      { path: "name", rule: "must be a string" },
      { path: "name.0", rule: "is too long" },
      { path: "", rule: "was refused" },
    ]);
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  test("keeps no part of a path but the request's own fields", async () => {
    const loc = ["body", "canary", "name"];
    const error = await refuse(422, { detail: [{ type: "extra_forbidden", loc }] });
    expect(error.issues).toEqual([{ path: "name", rule: "is not a known field" }]);
  });

  test.each(["constructor", "toString", "__proto__", "canary"])(
    "does not know the rule %s",
    async (type) => {
      const error = await refuse(422, { detail: [{ type, loc: ["body", "name"] }] });
      expect(error.issues).toEqual([{ path: "name", rule: "was refused" }]);
    },
  );

  test("reads param of the newest shape if it is a field of the request", async () => {
    expect((await refuse(422, detail({ param: "name" }))).issues).toEqual([
      { path: "name", rule: "was refused" },
    ]);
    expect((await refuse(422, detail({ param: "canary" }))).issues).toEqual([]);
  });
});

describe("429", () => {
  test.each(["rate_limit_exceeded", "concurrent_limit_exceeded", "system_busy"])(
    "%s is rate_limited, in each shape",
    async (code) => {
      for (const body of [detail({ code }), { detail: { status: code } }]) {
        const error = await refuse(429, body, { "retry-after": "7" });
        expect(error).toMatchObject({
          code: "rate_limited",
          outcome: "not_created",
          retryAfterMs: 7000,
        });
      }
    },
  );

  test("without retry-after has no wait", async () => {
    expect((await refuse(429)).retryAfterMs).toBeUndefined();
  });
});

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");

  test.each([
    ["0", 0],
    ["120", 120_000],
    ["Tue, 24 Nov 2026 12:00:30 GMT", 30_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
  ])("reads %s", (header, milliseconds) => {
    expect(parseRetryAfter(header, now)).toBe(milliseconds);
  });

  test.each([
    null,
    "",
    "soon",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "9999999999",
    "Sun, soon",
    "2026-11-24",
  ])("takes no wait from %j", (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});

describe("the request id", () => {
  test.each([
    ["request-id", { "request-id": "req-1", "x-request-id": "req-2" }, "req-1"],
    ["x-request-id", { "x-request-id": "req-2" }, "req-2"],
    ["x-request-id beside a malformed one", { "request-id": "a b", "x-request-id": "r" }, "r"],
    ["the body", {}, "req-3"],
    ["the body beside a malformed one", { "request-id": "<b>" }, "req-3"],
  ])("comes from %s", async (_, headers: Record<string, string>, id) => {
    expect((await refuse(422, detail({ request_id: "req-3" }), headers)).requestId).toBe(id);
  });

  test.each(["", "a b", "canary@example.com", "x".repeat(65), "ключ", 7, null, {}])(
    "is dropped when malformed: %j",
    async (request_id) => {
      expect((await refuse(422, detail({ request_id }))).requestId).toBeUndefined();
    },
  );
});

test("an id that echoes what was sent is none, wherever it stands", async () => {
  const headers = { "request-id": SENT, "x-request-id": `req_${SENT}` };
  const error = await refuse(400, detail({ request_id: SENT }), headers);
  expect(error.requestId).toBeUndefined();
});
