import type { ProblemCode } from "@convai-secrets/protocol";
import { describe, expect, test } from "vitest";
import { API_KEY } from "./fixtures.ts";
import { inject, lookUp } from "./upstream.ts";
import { create, secretBody, uniqueName, VALUE } from "./worker.ts";

/** A text of the upstream, which can contain anything. It must not be passed on. */
const WORDS = `upstream says ${VALUE} and ${API_KEY}`;

/** Makes the upstream answer one call with this. Returns the Worker's answer. */
async function relay(status: number, body: unknown, headers: Record<string, string> = {}) {
  const name = uniqueName();
  await inject({ kind: "answer", status, body, headers, name });
  const answer = await create(secretBody(name));
  expect(answer.text).not.toContain("upstream says");
  expect((await lookUp(name)).posts).toBe(1);
  return answer;
}

const detailed = (detail: Record<string, unknown>) => ({
  detail: { type: WORDS, code: WORDS, status: WORDS, message: WORDS, ...detail },
});
const issue = (loc: unknown[], type: string) => ({
  loc,
  type,
  msg: WORDS,
  input: { type: "new", name: "x", value: VALUE },
  ctx: { error: WORDS },
});

describe("a rejection of ElevenLabs is answered with paths and rules, without its text", () => {
  const list = (...detail: unknown[]) => ({ detail });
  const cases: [string, number, unknown, unknown][] = [
    [
      "a 422 about the name",
      422,
      list(issue(["body", "name"], "string_too_long")),
      [{ path: "name", message: "is too long" }],
    ],
    [
      "a 422 that echoes the body for a missing field",
      422,
      list(issue(["body", "value"], "missing"), issue(["body", "type"], "literal_error")),
      [
        { path: "value", message: "is required" },
        { path: "type", message: "must be one of the allowed values" },
      ],
    ],
    [
      "a 422 whose path is the value itself",
      422,
      list(issue(["body", VALUE], "extra_forbidden")),
      [{ path: "", message: "is not a known field" }],
    ],
    [
      "a 422 with an unknown rule",
      422,
      list(issue(["body", "value"], WORDS)),
      [{ path: "value", message: "was rejected" }],
    ],
    [
      "a detailed 400 that names the field",
      400,
      detailed({ param: "name" }),
      [{ path: "name", message: "was rejected" }],
    ],
    ["a detailed 400 that names the value", 400, detailed({ param: VALUE }), undefined],
    ["a brief 409", 409, { detail: { status: "already_exists", message: WORDS } }, undefined],
  ];
  test.each(cases)("%s: 422 rejected_by_elevenlabs", async (_, status, body, errors) => {
    const answer = await relay(status, body);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "rejected_by_elevenlabs", outcome: "not_applied", retryable: false },
    });
    expect(answer.body["errors"]).toEqual(errors);
  });
});

describe("a 401 or 403 of ElevenLabs", () => {
  const detail = (status: string) => ({ detail: { status, message: WORDS } });
  const cases: [string, number, unknown, ProblemCode, string | undefined][] = [
    [
      "brief, invalid_api_key",
      401,
      detail("invalid_api_key"),
      "upstream_key_refused",
      "invalid_api_key",
    ],
    [
      "detailed, invalid_api_key",
      401,
      detailed({ code: "invalid_api_key" }),
      "upstream_key_refused",
      "invalid_api_key",
    ],
    [
      "brief, missing_permissions",
      401,
      detail("missing_permissions"),
      "upstream_key_refused",
      "missing_permissions",
    ],
    [
      "403, missing_permissions",
      403,
      detailed({ code: "missing_permissions" }),
      "upstream_key_refused",
      "missing_permissions",
    ],
    ["quota_exceeded", 401, detail("quota_exceeded"), "upstream_refused", "quota_exceeded"],
    ["403, forbidden", 403, detailed({ code: "forbidden" }), "upstream_refused", "forbidden"],
    ["a reason that is no code", 401, detail(WORDS), "upstream_refused", undefined],
  ];
  test.each(cases)("%s: 502", async (_, status, body, code, upstreamCode) => {
    const answer = await relay(status, body);
    expect(answer).toMatchObject({ status: 502, body: { code, outcome: "not_applied" } });
    expect(answer.body["upstream_code"]).toBe(upstreamCode);
  });
});

test.each<[string, number, unknown]>([
  ["a 401 in HTML", 401, `<html>${WORDS}</html>`],
  ["an empty 403", 403, ""],
  ["a 403 in HTML", 403, `<html>${WORDS}</html>`],
  ["a 422 in another shape", 422, { error: WORDS }],
  ["a 404 in HTML", 404, `<html>${WORDS}</html>`],
  ["an empty 400", 400, ""],
])("%s does not come from ElevenLabs' API: 502 upstream_failed", async (_, status, body) => {
  expect(await relay(status, body)).toMatchObject({
    status: 502,
    body: { code: "upstream_failed", outcome: "unknown", retryable: true },
  });
});

describe("the retry-after of a 429", () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

  test.each<[string, Record<string, string>, string[]]>([
    ["a number of seconds", { "retry-after": "7" }, ["7"]],
    ["zero", { "retry-after": "0" }, ["0"]],
    [
      "a date",
      { "retry-after": inSeconds(3_600) },
      Array.from({ length: 3_600 }, (_, index) => String(index + 1)),
    ],
    ["a date in the past", { "retry-after": inSeconds(-60) }, ["0"]],
    ["a text", { "retry-after": WORDS }, []],
    ["a fraction", { "retry-after": "0.5" }, []],
    ["no header", {}, []],
  ])("the retry-after of a 429 with %s is understood", async (_, headers, expected) => {
    const answer = await relay(429, detailed({ code: "system_busy" }), headers);
    expect(answer).toMatchObject({
      status: 429,
      body: { code: "upstream_rate_limited", outcome: "not_applied", retryable: true },
    });
    const retryAfter = answer.headers.get("retry-after");
    if (expected.length === 0) expect(retryAfter).toBeNull();
    else expect(expected).toContain(retryAfter);
  });
});

describe("the request id of ElevenLabs", () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ["is read from the header", { "x-request-id": "req-1" }, "req-1"],
    ["is read from the body if the header is empty", { "x-request-id": "" }, "req_body"],
    [
      "is not read from a header with other characters",
      { "x-request-id": `${WORDS}!` },
      "req_body",
    ],
  ])("%s", async (_, headers, id) => {
    const answer = await relay(400, detailed({ request_id: "req_body" }), headers);
    expect(answer.body["upstream_request_id"]).toBe(id);
  });
});

describe("a 200 of ElevenLabs", () => {
  test("a 200 with unknown members is answered without them", async () => {
    const stored = { type: "stored", secret_id: "s1", name: "as upstream has it" };
    const answer = await relay(200, { ...stored, value: VALUE, extra: WORDS });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(stored);
  });

  test.each([
    ["without an id", { type: "stored", name: "x" }],
    ["with an empty id", { type: "stored", secret_id: "", name: "x" }],
    ["of another type", { type: "new", secret_id: "s1", name: "x" }],
    ["with nothing", ""],
    ["with a list", []],
  ])("a 200 %s is answered 502 with unknown outcome", async (_, body) => {
    expect(await relay(200, body)).toMatchObject({
      status: 502,
      body: { code: "upstream_failed", outcome: "unknown", retryable: true },
    });
  });
});

/** setup.ts fails the file if the request arrives there. */
test.each([301, 302, 303, 307, 308] as const)(
  "a redirect with %i is not followed, so the API key is not sent elsewhere",
  async (status) => {
    const name = uniqueName();
    await inject({ kind: "redirect", status, to: "https://elsewhere.test/", name });
    expect(await create(secretBody(name))).toMatchObject({
      status: 502,
      body: { code: "upstream_failed", outcome: "unknown" },
    });
  },
);
