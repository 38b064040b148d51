import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { deliverSecret } from "../src/index.ts";
import { answerJson, flood, problem, stored, trickle } from "./answers.ts";
import { failureOf } from "./failures.ts";
import { SECRET, SENDER_KEY, TOKEN } from "./fixtures.ts";
import { type Answer, serve } from "./loopback.ts";

const once = (url: string) => ({ url, senderKey: SENDER_KEY, ...SECRET, maxAttempts: 1 });
const STORED = { type: "stored", secret_id: "sec_1", name: SECRET.name };

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])("by a %i is not followed", async (status) => {
    const elsewhere = await serve(stored);
    const location = `${elsewhere.url}/v1/convai/secrets`;
    const { url, received } = await serve(answerJson({}, status, { location }));
    const error = await failureOf(deliverSecret({ ...once(url), maxAttempts: 5 }));
    expect(error).toMatchObject({ code: "redirected", outcome: "unknown", retryable: false });
    expect(error.status).toBe(status);
    expect(received).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
  });
});

describe("the time limit of an attempt", () => {
  test.each<[string, Answer]>([
    ["the headers", () => {}],
    ["a body that trickles in", trickle(" ", 10)],
    ["the body of an error", (response) => response.writeHead(503).write("{")],
  ])("covers %s", async (_, answer) => {
    const { url } = await serve(answer);
    const error = await failureOf(deliverSecret({ ...once(url), timeoutMs: 300 }));
    expect(error).toMatchObject({ code: "timed_out", outcome: "unknown", retryable: true });
  });

  test("covers a fetch that heeds no signal", async () => {
    const fetch = () => new Promise<Response>(() => {});
    const error = await failureOf(
      deliverSecret({ ...once("https://a.test"), fetch, timeoutMs: 50 }),
    );
    expect(error).toMatchObject({ code: "timed_out", outcome: "unknown" });
  });
});

describe("an answer", () => {
  test.each<[string, Answer]>([
    ["without end", flood(200)],
    ["that unpacks without end", bomb],
    ["of malformed JSON", answerJson('{"type":"stored","secret_id":')],
    ["of a wrong type", answerJson({ ...STORED, secret_id: 7 })],
    ["without an id", answerJson({ ...STORED, secret_id: "" })],
    ["that is not UTF-8", (response) => response.end(Buffer.from('{"name":"\xff"}', "latin1"))],
    ["that has the value for an id", answerJson({ ...STORED, secret_id: SECRET.value })],
    ["that has the value in the name", answerJson({ ...STORED, name: `a ${SECRET.value}` })],
  ])("%s is unreadable, and the outcome unknown", async (_, answer) => {
    const { url } = await serve(answer);
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "unknown", status: 200 });
  });

  test("that holds the token is unreadable", async () => {
    const { url } = await serve(answerJson({ ...STORED, secret_id: `id-${TOKEN}` }));
    const error = await failureOf(deliverSecret({ url, token: TOKEN, ...SECRET }));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "unknown" });
  });

  test("may hold the value where the name does", async () => {
    const { url } = await serve(stored);
    await expect(
      deliverSecret({ ...once(url), name: "KEY_1", value: "KEY" }),
    ).resolves.toMatchObject({ name: "KEY_1" });
  });

  test("may say that it is replayed", async () => {
    const { url } = await serve(answerJson(STORED, 200, { "idempotent-replayed": "true" }));
    await expect(deliverSecret(once(url))).resolves.toMatchObject({ replayed: true });
  });

  test("of an error without end leaves what its status says", async () => {
    const { url } = await serve(flood(422));
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "not_created", status: 422 });
  });
});

describe("a problem document", () => {
  test("becomes the error", async () => {
    const { url } = await serve(
      problem(
        422,
        {
          code: "invalid_request",
          outcome: "not_created",
          retryable: false,
          errors: [{ path: "name", message: "must not be empty" }],
        },
        { "retry-after": "7" },
      ),
    );
    const error = await failureOf(deliverSecret({ ...once(url), id: "own-id" }));
    expect({ ...error, message: error.message }).toEqual({
      name: "DeliveryError",
      message: "The request breaks a rule: name must not be empty",
      code: "invalid_request",
      outcome: "not_created",
      status: 422,
      retryable: false,
      requestId: "0b6bd8a5-4c1f-4c0e-9a39-0e5f0a3a5b3c",
      issues: [{ path: "name", message: "must not be empty" }],
      retryAfterMs: 7_000,
      attempts: 1,
      id: "own-id",
    });
  });

  test("of a code that is not known keeps the rest", async () => {
    const { url } = await serve(problem(503, { code: "new_code", outcome: "not_created" }));
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "not_created", status: 503 });
  });

  test("with a field of a wrong type keeps the others", async () => {
    const wrong = { code: "name_not_allowed", request_id: 7, errors: "none", outcome: "perhaps" };
    const { url } = await serve(problem(403, wrong));
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "name_not_allowed", outcome: "not_created", issues: [] });
    expect(error.requestId).toBeUndefined();
  });
});

/** Small on the wire, and more than is read once unpacked. */
function bomb(...[response]: Parameters<Answer>): void {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(gzipSync(`${" ".repeat(64 * 1024 * 1024)}${JSON.stringify(STORED)}`));
}
