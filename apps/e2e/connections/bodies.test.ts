import { once } from "node:events";
import { MAX_BODY_BYTES } from "@convai-secrets/protocol";
import { sendDelivery, signRequest, type TestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStack } from "../support/start-stack.ts";
import { open, sendRaw } from "./raw-request.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const BODY = '{"type":"new","name":"RAW","value":"v"}';

/** Sends a request as it is, closes its side, and returns all that comes back. */
function sendBody(lines: readonly string[], body: string): Promise<string> {
  const auth = [
    "host: worker.test",
    `authorization: Bearer ${stack.sender.token}`,
    "connection: close",
  ];
  const head = ["POST /v1/convai/secrets HTTP/1.1", ...auth, "content-type: application/json"];
  return sendRaw(stack.url, `${[...head, ...lines].join("\r\n")}\r\n\r\n${body}`);
}

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe("the body limit counts the bytes that arrive", () => {
  test("a correct content-length is accepted", async () => {
    const answer = await sendBody([`content-length: ${BODY.length}`], BODY);
    expect(answer).toContain(" 200 ");
  });

  test("a body that is shorter than its content-length is rejected and not forwarded", async () => {
    const before = stack.upstream.received().POST;
    const answer = await sendBody([`content-length: ${BODY.length + 1}`], BODY);
    expect(answer).not.toContain(" 200 ");
    expect(stack.upstream.received().POST).toBe(before);
  });

  test("a content-length that cuts the JSON off is answered 400", async () => {
    const answer = await sendBody([`content-length: ${BODY.length - 1}`], BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_body"/s);
  });

  test("a chunked body over the limit is rejected despite a small content-length", async () => {
    const long = BODY.replace('"v"', `"${"v".repeat(MAX_BODY_BYTES)}"`);
    const lines = ["content-length: 10", "transfer-encoding: chunked"];
    const answer = await sendBody(lines, `${chunk(long)}0\r\n\r\n`);
    expect(answer).not.toContain(" 200 ");
  });

  test("chunks of more than 64 KiB together are answered 413", async () => {
    const chunks = Array.from({ length: 17 }, () => chunk(" ".repeat(MAX_BODY_BYTES / 16)));
    const answer = await sendBody(["transfer-encoding: chunked"], `${chunks.join("")}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"payload_too_large"/s);
  });

  test("chunks within the limit are accepted", async () => {
    const chunks = [...BODY].map(chunk).join("");
    expect(await sendBody(["transfer-encoding: chunked"], `${chunks}0\r\n\r\n`)).toContain(" 200 ");
  });

  test("a repeated authorization header is answered 401", async () => {
    const repeated = [
      `authorization: Bearer ${stack.sender.token}`,
      `content-length: ${BODY.length}`,
    ];
    expect(await sendBody(repeated, BODY)).toContain(" 401 ");
  });
});

test("a signed POST that is sent as a GET with its body is answered 400", async () => {
  const { signingSecret } = stack.sender;
  const headers = signRequest(signingSecret, { id: "captured", body: BODY });
  const signed = Object.entries(headers).map((header) => header.join(": "));
  const head = ["GET /v1/deliveries HTTP/1.1", "host: worker.test", "connection: close", ...signed];
  const lines = [...head, `content-length: ${BODY.length}`];
  const answer = await sendRaw(stack.url, `${lines.join("\r\n")}\r\n\r\n${BODY}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_body"/s);
});

test("a body that is not complete within 10 seconds is answered 408", async () => {
  const socket = open(stack.url);
  const lines = ["host: worker.test", `xi-api-key: ${stack.sender.token}`, "content-length: 100"];
  socket.write(`${["POST /v1/convai/secrets HTTP/1.1", ...lines].join("\r\n")}\r\n\r\n{"type"`);
  const [answer] = await once(socket.setEncoding("utf8"), "data");
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
});

describe("an upstream that does not end its answer", () => {
  test("an endless answer of the upstream is read up to its limit, and answered 502", async () => {
    stack.upstream.inject({ kind: "endless-body", name: "ENDLESS" });
    const answer = await sendDelivery(stack, { name: "ENDLESS", value: "v" });
    expect(answer).toMatchObject({ status: 502, body: { code: "upstream_failed" } });
  });

  test("a slow answer of the upstream is answered 504 at the time limit", async () => {
    stack.upstream.inject({ kind: "endless-body", everyMs: 200, name: "TRICKLE" });
    const answer = await sendDelivery(stack, { name: "TRICKLE", value: "v" });
    expect(answer).toMatchObject({ status: 504, body: { code: "upstream_timeout" } });
  });

  test("a gzip bomb of the upstream is unpacked up to the limit, and answered 502", async () => {
    stack.upstream.inject({ kind: "gzip-bomb", name: "BOMB" });
    const answer = await sendDelivery(stack, { name: "BOMB", value: "v" });
    expect(answer).toMatchObject({ status: 502, body: { code: "upstream_failed" } });
  });
});
