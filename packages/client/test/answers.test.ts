import { gzipSync } from "node:zlib";
import { HEADERS, RESULTS } from "@convai-secrets/protocol";
import {
  answerEndlessly,
  answerJson,
  answerSlowly,
  type ServerAnswer,
  serveLoopback,
} from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { deliverSecret } from "../src/index.ts";
import { problem, stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { SECRET, SIGNING_SECRET, TOKEN } from "./fixtures.ts";

const once = (url: string) => ({ url, signingSecret: SIGNING_SECRET, ...SECRET, maxAttempts: 1 });
const STORED = { type: "stored", secret_id: "sec_1", name: SECRET.name };

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("a redirect by %i is not followed", async (status) => {
    const elsewhere = await serveLoopback(stored);
    const location = `${elsewhere.url}/v1/convai/secrets`;
    const { url, received } = await serveLoopback(answerJson({}, status, { location }));
    const error = await failureOf(deliverSecret({ ...once(url), maxAttempts: 5 }));
    expect(error).toMatchObject({ code: "redirected", outcome: "not_applied", retryable: false });
    expect(error.status).toBe(status);
    expect(received).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
  });
});

describe("the time limit of an attempt", () => {
  test.each<[string, ServerAnswer]>([
    ["the headers", () => {}],
    ["a body that trickles in", answerSlowly(" ", 10)],
    ["the body of an error", (response) => response.writeHead(503).write("{")],
  ])("the time limit covers %s", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const error = await failureOf(deliverSecret({ ...once(url), timeoutMs: 300 }));
    expect(error).toMatchObject({ code: "timed_out", outcome: "unknown", retryable: true });
  });

  test("the time limit covers a fetch that ignores its signal", async () => {
    const fetch = () => new Promise<Response>(() => {});
    const error = await failureOf(
      deliverSecret({ ...once("https://a.test"), fetch, timeoutMs: 50 }),
    );
    expect(error).toMatchObject({ code: "timed_out", outcome: "unknown" });
  });
});

describe("an answer", () => {
  test.each<[string, ServerAnswer]>([
    ["an endless answer", answerEndlessly(200)],
    ["an answer that decompresses to 64 MiB", bomb],
    ["malformed JSON", answerJson('{"type":"stored","secret_id":')],
    ["a secret_id of a wrong type", answerJson({ ...STORED, secret_id: 7 })],
    ["an empty secret_id", answerJson({ ...STORED, secret_id: "" })],
    [
      "an answer that is not UTF-8",
      (response) => response.end(Buffer.from('{"name":"\xff"}', "latin1")),
    ],
    ["an answer with the value as secret_id", answerJson({ ...STORED, secret_id: SECRET.value })],
    ["an answer with the value in the name", answerJson({ ...STORED, name: `a ${SECRET.value}` })],
  ])("%s is unreadable_answer with an unknown outcome", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "unknown", status: 200 });
  });

  test("an answer that contains the token is unreadable_answer", async () => {
    const { url } = await serveLoopback(answerJson({ ...STORED, secret_id: `id-${TOKEN}` }));
    const error = await failureOf(deliverSecret({ url, token: TOKEN, ...SECRET }));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "unknown" });
  });

  test("a name may contain a short value by chance", async () => {
    const { url } = await serveLoopback(stored);
    await expect(
      deliverSecret({ ...once(url), name: "KEY_1", value: "KEY" }),
    ).resolves.toMatchObject({ name: "KEY_1" });
  });

  test.each(RESULTS)("the result is %s if the header says so", async (result) => {
    const { url } = await serveLoopback(answerJson(STORED, 200, { [HEADERS.result]: result }));
    await expect(deliverSecret(once(url))).resolves.toMatchObject({ result });
  });

  test("the result is undefined without the header, and for an unknown one", async () => {
    const { url } = await serveLoopback(
      stored,
      answerJson(STORED, 200, { [HEADERS.result]: "canary" }),
    );
    expect((await deliverSecret(once(url))).result).toBeUndefined();
    expect((await deliverSecret(once(url))).result).toBeUndefined();
  });

  test("an endless error answer is classified by its status", async () => {
    const { url } = await serveLoopback(answerEndlessly(422));
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "not_applied", status: 422 });
  });
});

describe("a problem document", () => {
  test("a problem document becomes the error", async () => {
    const { url } = await serveLoopback(
      problem(
        422,
        {
          code: "invalid_request",
          outcome: "not_applied",
          retryable: false,
          upstream_code: "value_error",
          errors: [{ path: "name", message: "must not be empty" }],
        },
        { "retry-after": "7" },
      ),
    );
    const error = await failureOf(deliverSecret({ ...once(url), id: "own-id" }));
    expect({ ...error, message: error.message }).toEqual({
      name: "DeliveryError",
      message: "Invalid request (value_error): name must not be empty",
      code: "invalid_request",
      outcome: "not_applied",
      status: 422,
      retryable: false,
      requestId: "0b6bd8a5-4c1f-4c0e-9a39-0e5f0a3a5b3c",
      upstreamCode: "value_error",
      issues: [{ path: "name", message: "must not be empty" }],
      retryAfterMs: 7_000,
      attempts: 1,
      id: "own-id",
    });
  });

  test("a problem document with an unknown code keeps its other members", async () => {
    const { url } = await serveLoopback(problem(503, { code: "new_code", outcome: "not_applied" }));
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "not_applied", status: 503 });
  });

  test("a problem document with members of a wrong type keeps the others", async () => {
    const wrong = { code: "name_not_allowed", request_id: 7, errors: "none", outcome: "perhaps" };
    const { url } = await serveLoopback(problem(403, wrong));
    const error = await failureOf(deliverSecret(once(url)));
    expect(error).toMatchObject({ code: "name_not_allowed", outcome: "not_applied", issues: [] });
    expect(error.requestId).toBeUndefined();
  });
});

/** Small on the wire, and more than is read once unpacked. */
function bomb(...[response]: Parameters<ServerAnswer>): void {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(gzipSync(`${" ".repeat(64 * 1024 * 1024)}${JSON.stringify(STORED)}`));
}
