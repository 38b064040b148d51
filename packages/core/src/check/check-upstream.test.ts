import {
  answerJson,
  findClosedPort,
  type ServerAnswer,
  serveLoopback,
} from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { checkUpstream } from "./check-upstream.ts";

const EMPTY = { secrets: [] };
const NOT_FOUND = { detail: { status: "not_found", message: "No such secret" } };
const MISSING = { detail: { status: "missing_permissions", message: "canary" } };
const WRONG_KEY = { detail: { status: "invalid_api_key", message: "canary" } };

/** Answers the listing and the update of the check. */
function answerBoth(list: ServerAnswer, update: ServerAnswer): ServerAnswer {
  return (response, request) => (request.method === "GET" ? list : update)(response, request);
}

const HEALTHY = answerBoth(answerJson(EMPTY), answerJson(NOT_FOUND, 404));

async function statusesOf(answer: ServerAnswer) {
  const { url } = await serveLoopback(answer);
  const lines = await checkUpstream({ apiKey: "key-canary", baseUrl: url, timeoutMs: 500 });
  return Object.fromEntries(lines.map(({ subject, status }) => [subject, status]));
}

describe("checkUpstream", () => {
  test("checkUpstream is ok in every line if the API key may list and write", async () => {
    const { url, received } = await serveLoopback(HEALTHY);
    const lines = await checkUpstream({ apiKey: "key", baseUrl: url });
    expect(lines.map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(received.map(({ method }) => method).sort()).toEqual(["GET", "PATCH"]);
    expect(received.find(({ method }) => method === "GET")?.url).toContain("page_size=1&");
  });

  test("checkUpstream updates a new random id each time", async () => {
    const { url, received } = await serveLoopback(HEALTHY);
    await checkUpstream({ apiKey: "key", baseUrl: url });
    await checkUpstream({ apiKey: "key", baseUrl: url });
    const paths = received.filter(({ method }) => method === "PATCH").map((call) => call.url);
    expect(new Set(paths).size).toBe(2);
    for (const path of paths) expect(path).toMatch(/^\/v1\/convai\/secrets\/[0-9a-f]{32}$/);
  });

  test.each<[string, ServerAnswer, Record<string, string>]>([
    [
      "an API key that may not list",
      answerBoth(answerJson(MISSING, 401), answerJson(NOT_FOUND, 404)),
      { "API key, listing": "failed", "API key, writing": "ok", Region: "ok" },
    ],
    [
      "an API key that may not write",
      answerBoth(answerJson(EMPTY), answerJson(MISSING, 403)),
      { "API key, listing": "ok", "API key, writing": "failed", Region: "ok" },
    ],
    [
      "a wrong API key, or one of another region",
      answerJson(WRONG_KEY, 401),
      { "API key, listing": "failed", "API key, writing": "failed", Region: "unclear" },
    ],
    [
      "a used-up quota",
      answerJson({ detail: { status: "quota_exceeded" } }, 401),
      { "API key, listing": "failed", "API key, writing": "failed", Region: "unclear" },
    ],
    [
      "an update that is rejected before the permission counts",
      answerBoth(answerJson(EMPTY), answerJson({ detail: [{ loc: ["body"], type: "x" }] }, 422)),
      { "API key, listing": "ok", "API key, writing": "unclear" },
    ],
    [
      "an update that succeeds although the id is random",
      answerBoth(
        answerJson(EMPTY),
        answerJson({ type: "stored", secret_id: "sec_1", name: "convai-secrets check" }),
      ),
      { "API key, writing": "unclear" },
    ],
    [
      "a 404 page of another product",
      answerBoth(answerJson(EMPTY), answerJson("<h1>Not found</h1>", 404)),
      { "API key, writing": "unclear" },
    ],
    [
      "a rate limit",
      answerJson({ detail: { status: "system_busy" } }, 429),
      { "API key, listing": "unclear", "API key, writing": "unclear", Region: "unclear" },
    ],
    [
      "no answer",
      () => {},
      { "API key, listing": "unclear", "API key, writing": "unclear", Clock: "unclear" },
    ],
  ])("checkUpstream reports %s", async (_, answer, expected) => {
    expect(await statusesOf(answer)).toMatchObject(expected);
  });

  test("checkUpstream reports a refused connection", async () => {
    const baseUrl = `http://127.0.0.1:${await findClosedPort()}`;
    const lines = await checkUpstream({ apiKey: "key", baseUrl });
    expect(lines.map(({ status }) => status)).toEqual(["failed", "failed", "unclear", "unclear"]);
    expect(lines[0]?.advice).toContain("ELEVENLABS_BASE_URL");
  });

  test.each([
    ["is ok 20 s behind", 20_000, "ok"],
    ["fails 2 minutes behind", 120_000, "failed"],
    ["fails 2 minutes ahead", -120_000, "failed"],
  ])("the clock %s", async (_, offsetMs, expected) => {
    const date = new Date(Date.now() + offsetMs).toUTCString();
    const answer = answerBoth(
      answerJson(EMPTY, 200, { date }),
      answerJson(NOT_FOUND, 404, { date }),
    );
    expect(await statusesOf(answer)).toMatchObject({ Clock: expected });
  });

  test.each([
    ["a healthy upstream", HEALTHY],
    ["an upstream that quotes", answerJson(WRONG_KEY, 401)],
    ["a broken upstream", answerJson("key-canary", 500)],
  ])("no line contains the API key or text of the upstream: %s", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const lines = await checkUpstream({ apiKey: "key-canary", baseUrl: url });
    expect(JSON.stringify(lines)).not.toContain("canary");
    for (const { status, advice } of lines) expect(advice === undefined).toBe(status === "ok");
  });
});
