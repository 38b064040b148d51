import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { deliverSecret, type Retry } from "../src/index.ts";
import { answerJson, LOST, problem, stored } from "./answers.ts";
import { failureOf } from "./failures.ts";
import { CREDENTIALS, SECRET, SENDER_KEY, TOKEN } from "./fixtures.ts";
import { type Answer, serve } from "./loopback.ts";

const signed = (url: string) => ({ url, senderKey: SENDER_KEY, ...SECRET });

// The shortest backoff: what a server asks for is waited out for real.
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  return () => vi.restoreAllMocks();
});

/** What is tried again: what breaks off, and what says that it may pass. */
const PASSING: [string, Answer][] = [
  ...Object.entries(LOST),
  ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Answer] => [
    `a ${status} without a problem document`,
    answerJson("<html>busy</html>", status, { "content-type": "text/html" }),
  ]),
  ["a 429 rate_limited", problem(429, { code: "rate_limited", retryable: true })],
  ["a 503 outcome_unsettled", problem(503, { code: "outcome_unsettled", retryable: true })],
];

describe.each(CREDENTIALS)("a call %s is made again", (_, credential) => {
  test.each(PASSING)("after %s", async (_title, answer) => {
    const { url, received } = await serve(answer, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET });
    expect(delivered).toMatchObject({ secret_id: "sec_1", attempts: 2, replayed: false });
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  test("after no answer in time", async () => {
    const { url, received } = await serve(() => {}, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET, timeoutMs: 300 });
    expect(delivered.attempts).toBe(2);
    expect(received).toHaveLength(2);
  });

  test.each(["own-id", undefined])("as the same delivery, its id %s", async (id) => {
    const busy = problem(503, { code: "outcome_unsettled" });
    const { url, received } = await serve(busy, busy, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET, id });
    const ids = received.map(({ headers }) => headers["webhook-id"] ?? headers["idempotency-key"]);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    if (credential.token !== undefined) expect(ids[0]).toBe(id && `"${id}"`);
    else expect(ids[0]).toBe(id ?? delivered.id);
  });
});

test("each attempt is signed afresh, at its own time", async () => {
  const busy = problem(503, { code: "outcome_unsettled" }, { "retry-after": "1" });
  const { url, received } = await serve(busy, busy, stored);
  await deliverSecret(signed(url));
  const webhook = new Webhook(SENDER_KEY);
  for (const { headers, body } of received) {
    expect(webhook.verify(body, headers as Record<string, string>)).toMatchObject(SECRET);
  }
  const timestamps = received.map(({ headers }) => Number(headers["webhook-timestamp"]));
  const signatures = received.map(({ headers }) => headers["webhook-signature"]);
  expect(new Set(timestamps).size).toBe(3);
  expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
  expect(new Set(signatures).size).toBe(3);
});

test("a token is sent as a bearer token, and no id with it unless one is given", async () => {
  const { url, received } = await serve(stored);
  const delivered = await deliverSecret({ url, token: TOKEN, ...SECRET });
  expect(received[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
  expect(received[0]?.headers).not.toHaveProperty("idempotency-key");
  expect(delivered.id).toBeUndefined();
});

describe("a call is made once", () => {
  test.each([
    ["400 malformed_body", problem(400, { code: "malformed_body" })],
    ["401 unauthenticated", problem(401, { code: "unauthenticated", retryable: false })],
    ["401 stale_timestamp", problem(401, { code: "stale_timestamp", retryable: true })],
    ["403 name_not_allowed", problem(403, { code: "name_not_allowed" })],
    ["409 outcome_unknown", problem(409, { code: "outcome_unknown", retryable: false })],
    ["409 that says it is retryable", problem(409, { code: "outcome_unknown", retryable: true })],
    ["422 idempotency_key_reused", problem(422, { code: "idempotency_key_reused" })],
    ["502 that is not retryable", problem(502, { code: "upstream_key_refused", retryable: false })],
    ["404 of something else", answerJson("<html>", 404)],
    ["200 of something else", answerJson("<html>")],
    ["204", (response) => response.writeHead(204).end()],
  ] satisfies [string, Answer][])("if the answer is a %s", async (_, answer) => {
    const { url, received } = await serve(answer, stored);
    const error = await failureOf(deliverSecret(signed(url)));
    expect(error).toMatchObject({ attempts: 1, retryable: false });
    expect(received).toHaveLength(1);
  });
});

describe("retry-after", () => {
  test("is waited out when it is in seconds", async () => {
    const busy = problem(429, { code: "rate_limited" }, { "retry-after": "1" });
    const { url, received } = await serve(busy, stored);
    const retries: Retry[] = [];
    await deliverSecret({ ...signed(url), onRetry: (retry) => retries.push(retry) });
    expect(retries).toEqual([{ attempt: 1, delayMs: 1_000, code: "rate_limited" }]);
    const [first, second] = received.map(({ at }) => at);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(990);
  });

  test("is waited out when it is a date", async () => {
    const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
    const busy = problem(503, { code: "misconfigured" }, { "retry-after": date.toUTCString() });
    const { url, received } = await serve(busy, stored);
    await deliverSecret(signed(url));
    expect(received[1]?.at).toBeGreaterThanOrEqual(date.getTime() - 10);
  });

  test("beyond 5 minutes is the caller's to wait out", async () => {
    const busy = problem(429, { code: "rate_limited" }, { "retry-after": "301" });
    const { url, received } = await serve(busy, stored);
    const error = await failureOf(deliverSecret(signed(url)));
    expect(error).toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: 301_000 });
    expect(received).toHaveLength(1);
  });
});

test("after maxAttempts the last failure is given", async () => {
  const busy = problem(503, { code: "outcome_unsettled", outcome: "unknown" });
  const { url, received } = await serve(LOST["a dropped connection"] as Answer, busy);
  const codes: string[] = [];
  const onRetry = ({ code }: Retry) => codes.push(code);
  const error = await failureOf(deliverSecret({ ...signed(url), maxAttempts: 3, onRetry }));
  expect(error).toMatchObject({ code: "outcome_unsettled", retryable: true, attempts: 3 });
  expect(codes).toEqual(["connection_lost", "outcome_unsettled"]);
  expect(received).toHaveLength(3);
});

test("nobody listening is tried 8 times, and then may have been anything", async () => {
  const error = await failureOf(deliverSecret(signed("http://127.0.0.1:1")));
  expect(error).toMatchObject({ code: "connection_lost", outcome: "unknown", attempts: 8 });
  expect(error.status).toBeUndefined();
});

describe("the outcome", () => {
  const limited = problem(429, { code: "rate_limited", outcome: "not_created", retryable: false });
  const refused = problem(422, { code: "rejected_by_elevenlabs", outcome: "not_created" });
  const dropped = LOST["a dropped connection"] as Answer;

  test.each<[string, [Answer, ...Answer[]], string]>([
    ["not_created if every attempt was refused", [limited], "not_created"],
    ["unknown if an attempt before a refusal got lost", [dropped, limited], "unknown"],
    [
      "not_created if the ledger, which knows that attempt, says so",
      [dropped, refused],
      "not_created",
    ],
    ["not_created after a 403 of something else", [answerJson("", 403)], "not_created"],
    ["unknown after a 409 of something else", [answerJson("", 409)], "unknown"],
  ])("is %s", async (_, answers, outcome) => {
    const { url, received } = await serve(...answers);
    expect(await failureOf(deliverSecret(signed(url)))).toMatchObject({ outcome });
    expect(received).toHaveLength(answers.length);
  });
});
