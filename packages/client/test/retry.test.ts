import { answerJson, type ServerAnswer, serveLoopback } from "@convai-secrets/testing";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { deliverSecret, type Retry } from "../src/index.ts";
import { LOST, problem, stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { CREDENTIALS, SECRET, SIGNING_SECRET, TOKEN } from "./fixtures.ts";
import { withoutBackoff } from "./without-backoff.ts";

const signed = (url: string) => ({ url, signingSecret: SIGNING_SECRET, ...SECRET });

withoutBackoff();

/** What is retried: lost connections, and answers that name a temporary problem. */
const PASSING: [string, ServerAnswer][] = [
  ...Object.entries(LOST),
  ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, ServerAnswer] => [
    `a ${status} without a problem document`,
    answerJson("<html>busy</html>", status, { "content-type": "text/html" }),
  ]),
  ["a 429 rate_limited", problem(429, { code: "rate_limited", retryable: true })],
  ["a 503 outcome_unsettled", problem(503, { code: "outcome_unsettled", retryable: true })],
];

describe.each(CREDENTIALS)("retries of a call %s", (_, credential) => {
  test.each(PASSING)("a call is retried after %s", async (_title, answer) => {
    const { url, received } = await serveLoopback(answer, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET });
    expect(delivered).toMatchObject({ secret_id: "sec_1", attempts: 2 });
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  test("a call is retried after a timeout", async () => {
    const { url, received } = await serveLoopback(() => {}, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET, timeoutMs: 300 });
    expect(delivered.attempts).toBe(2);
    expect(received).toHaveLength(2);
  });

  test.each(["own-id", undefined])("retries are the same delivery (id: %s)", async (id) => {
    const busy = problem(503, { code: "outcome_unsettled" });
    const { url, received } = await serveLoopback(busy, busy, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET, id });
    const ids = received.map(({ headers }) => headers["webhook-id"] ?? headers["idempotency-key"]);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    if (credential.signingSecret === undefined) expect(ids[0]).toBe(id && `"${id}"`);
    else expect(ids[0]).toBe(id ?? delivered.id);
  });
});

test("each attempt has its own timestamp and signature", async () => {
  const busy = problem(503, { code: "outcome_unsettled" }, { "retry-after": "1" });
  const { url, received } = await serveLoopback(busy, busy, stored);
  await deliverSecret(signed(url));
  const webhook = new Webhook(SIGNING_SECRET);
  for (const { headers, body } of received) {
    expect(webhook.verify(body, headers as Record<string, string>)).toMatchObject(SECRET);
  }
  const timestamps = received.map(({ headers }) => Number(headers["webhook-timestamp"]));
  const signatures = received.map(({ headers }) => headers["webhook-signature"]);
  expect(new Set(timestamps).size).toBe(3);
  expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
  expect(new Set(signatures).size).toBe(3);
});

test("a token is sent as bearer token, without an id if the caller sets none", async () => {
  const { url, received } = await serveLoopback(stored);
  const delivered = await deliverSecret({ url, token: TOKEN, ...SECRET });
  expect(received[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
  expect(received[0]?.headers).not.toHaveProperty("idempotency-key");
  expect(delivered.id).toBeUndefined();
});

describe("answers that are not retried", () => {
  test.each([
    ["a 400 malformed_body", problem(400, { code: "malformed_body" })],
    ["a 401 unauthenticated", problem(401, { code: "unauthenticated", retryable: false })],
    ["a 401 stale_timestamp", problem(401, { code: "stale_timestamp", retryable: true })],
    ["a 403 name_not_allowed", problem(403, { code: "name_not_allowed" })],
    ["a 409 outcome_unknown", problem(409, { code: "outcome_unknown", retryable: false })],
    ["a 409 that says it is retryable", problem(409, { code: "outcome_unknown", retryable: true })],
    ["a 422 idempotency_key_reused", problem(422, { code: "idempotency_key_reused" })],
    [
      "a 502 that is not retryable",
      problem(502, { code: "upstream_key_refused", retryable: false }),
    ],
    ["a 404 of another server", answerJson("<html>", 404)],
    ["a 200 of another server", answerJson("<html>")],
    ["a 204", (response) => response.writeHead(204).end()],
  ] satisfies [string, ServerAnswer][])("a call is not retried after %s", async (_, answer) => {
    const { url, received } = await serveLoopback(answer, stored);
    const error = await failureOf(deliverSecret(signed(url)));
    expect(error).toMatchObject({ attempts: 1, retryable: false });
    expect(received).toHaveLength(1);
  });
});

describe("retry-after", () => {
  test("retry-after in seconds is waited", async () => {
    const busy = problem(429, { code: "rate_limited" }, { "retry-after": "1" });
    const { url, received } = await serveLoopback(busy, stored);
    const retries: Retry[] = [];
    await deliverSecret({ ...signed(url), onRetry: (retry) => retries.push(retry) });
    expect(retries).toEqual([{ attempt: 1, delayMs: 1_000, code: "rate_limited" }]);
    const [first, second] = received.map(({ at }) => at);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(990);
  });

  test("retry-after as a date is waited", async () => {
    const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
    const busy = problem(503, { code: "misconfigured" }, { "retry-after": date.toUTCString() });
    const { url, received } = await serveLoopback(busy, stored);
    await deliverSecret(signed(url));
    expect(received[1]?.at).toBeGreaterThanOrEqual(date.getTime() - 10);
  });

  test("a retry-after of more than 5 minutes ends the call and is reported", async () => {
    const busy = problem(429, { code: "rate_limited" }, { "retry-after": "301" });
    const { url, received } = await serveLoopback(busy, stored);
    const error = await failureOf(deliverSecret(signed(url)));
    expect(error).toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: 301_000 });
    expect(received).toHaveLength(1);
  });
});

test("after maxAttempts the error is the last failure", async () => {
  const busy = problem(503, { code: "outcome_unsettled", outcome: "unknown" });
  const { url, received } = await serveLoopback(LOST["a dropped connection"] as ServerAnswer, busy);
  const codes: string[] = [];
  const onRetry = ({ code }: Retry) => codes.push(code);
  const error = await failureOf(deliverSecret({ ...signed(url), maxAttempts: 3, onRetry }));
  expect(error).toMatchObject({ code: "outcome_unsettled", retryable: true, attempts: 3 });
  expect(codes).toEqual(["connection_lost", "outcome_unsettled"]);
  expect(received).toHaveLength(3);
});

test("8 lost connections end the call with an unknown outcome", async () => {
  const { url } = await serveLoopback(LOST["a dropped connection"] as ServerAnswer);
  const error = await failureOf(deliverSecret(signed(url)));
  expect(error).toMatchObject({ code: "connection_lost", outcome: "unknown", attempts: 8 });
  expect(error.status).toBeUndefined();
});

describe("the outcome", () => {
  const limited = problem(429, { code: "rate_limited", outcome: "not_applied", retryable: false });
  const refused = problem(422, { code: "rejected_by_elevenlabs", outcome: "not_applied" });
  const dropped = LOST["a dropped connection"] as ServerAnswer;

  test.each<[string, [ServerAnswer, ...ServerAnswer[]], string]>([
    ["not_applied if every attempt was rejected", [limited], "not_applied"],
    ["unknown if an attempt before a rejection was lost", [dropped, limited], "unknown"],
    [
      "not_applied if the ledger rejects the delivery after a lost attempt",
      [dropped, refused],
      "not_applied",
    ],
    ["not_applied after a 403 of another server", [answerJson("", 403)], "not_applied"],
    ["unknown after a 409 of another server", [answerJson("", 409)], "unknown"],
  ])("the outcome is %s", async (_, answers, outcome) => {
    const { url, received } = await serveLoopback(...answers);
    expect(await failureOf(deliverSecret(signed(url)))).toMatchObject({ outcome });
    expect(received).toHaveLength(answers.length);
  });
});
