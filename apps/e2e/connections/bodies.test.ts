import { once } from "node:events";
import { sendDelivery, type TestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStack } from "../support/start-stack.ts";
import { open, sendRaw } from "./raw-request.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const BODY = '{"type":"new","name":"RAW","value":"v"}';

/** Sends a request as it is, closes its side, and gives all that comes back. */
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

describe("what Content-Length says is not believed", () => {
  test("a true one", async () => {
    const answer = await sendBody([`content-length: ${BODY.length}`], BODY);
    expect(answer).toContain(" 200 ");
  });

  test("one too long, of a body that ends before it: refused, nothing forwarded", async () => {
    const before = stack.upstream.received().POST;
    const answer = await sendBody([`content-length: ${BODY.length + 1}`], BODY);
    expect(answer).not.toContain(" 200 ");
    expect(stack.upstream.received().POST).toBe(before);
  });

  test("one too short cuts the body off: not JSON", async () => {
    const answer = await sendBody([`content-length: ${BODY.length - 1}`], BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_body"/s);
  });

  test("one within the limit beside a chunked body over it: refused", async () => {
    const long = BODY.replace('"v"', `"${"v".repeat(64 * 1024)}"`);
    const lines = ["content-length: 10", "transfer-encoding: chunked"];
    const answer = await sendBody(lines, `${chunk(long)}0\r\n\r\n`);
    expect(answer).not.toContain(" 200 ");
  });

  test("none, and chunks that add up to more than 64 KiB: 413", async () => {
    const chunks = Array.from({ length: 17 }, () => chunk(" ".repeat(4096)));
    const answer = await sendBody(["transfer-encoding: chunked"], `${chunks.join("")}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"payload_too_large"/s);
  });

  test("none, and chunks that do not: 200", async () => {
    const chunks = [...BODY].map(chunk).join("");
    expect(await sendBody(["transfer-encoding: chunked"], `${chunks}0\r\n\r\n`)).toContain(" 200 ");
  });

  test("a repeated header is no credential", async () => {
    const repeated = [
      `authorization: Bearer ${stack.sender.token}`,
      `content-length: ${BODY.length}`,
    ];
    expect(await sendBody(repeated, BODY)).toContain(" 401 ");
  });
});

test("a body that never arrives whole is not waited for: 400", async () => {
  const socket = open(stack.url);
  const lines = ["host: worker.test", `xi-api-key: ${stack.sender.token}`, "content-length: 100"];
  socket.write(`${["POST /v1/convai/secrets HTTP/1.1", ...lines].join("\r\n")}\r\n\r\n{"type"`);
  const [answer] = await once(socket.setEncoding("utf8"), "data");
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_body"/s);
});

describe("an upstream that does not end its answer", () => {
  test("an endless body is given up at its limit: 502", async () => {
    stack.upstream.inject({ kind: "endless-body", name: "ENDLESS" });
    const answer = await sendDelivery(stack, { name: "ENDLESS", value: "v" });
    expect(answer).toMatchObject({ status: 502, body: { code: "upstream_failed" } });
  });

  test("a trickled one at the time limit: 504", async () => {
    stack.upstream.inject({ kind: "endless-body", everyMs: 200, name: "TRICKLE" });
    const answer = await sendDelivery(stack, { name: "TRICKLE", value: "v" });
    expect(answer).toMatchObject({ status: 504, body: { code: "upstream_timeout" } });
  });

  test("a gzip bomb is unpacked no further than the limit: 502", async () => {
    stack.upstream.inject({ kind: "gzip-bomb", name: "BOMB" });
    const answer = await sendDelivery(stack, { name: "BOMB", value: "v" });
    expect(answer).toMatchObject({ status: 502, body: { code: "upstream_failed" } });
  });
});
