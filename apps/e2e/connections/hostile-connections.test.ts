import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { sendDelivery, type TestStack } from "@convai-secrets/testing";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startStack } from "../support/start-stack.ts";
import { open, readToEnd, sendRaw } from "./raw-request.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Whatever was done to it, the Worker serves the next one, and has no fault of its own to tell of. */
afterEach(async () => {
  expect((await sendDelivery(stack, { name: "NEXT", value: "v" })).status).toBe(200);
  expect(stack.logs()).not.toContain("'unexpected'");
});

const BODY = '{"type":"new","name":"RAW","value":"v"}';

/** A request as bytes, and the answer: the Worker's own, or of the HTTP server in front of it. */
async function ask(line: string, fields: readonly string[] = [], body = "") {
  const common = ["host: worker.test", "connection: close"];
  const text = `${[line, ...common, ...fields].join("\r\n")}\r\n\r\n${body}`;
  const answer = await sendRaw(stack.url, text);
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
    code: /"code":"(\w+)"/.exec(answer)?.[1],
    isOwn: /^x-request-id:/im.test(answer),
    text: answer,
  };
}

const post = (fields: readonly string[], body = BODY) =>
  ask(
    "POST /v1/convai/secrets HTTP/1.1",
    ["content-type: application/json", `content-length: ${body.length}`, ...fields],
    body,
  );

describe("a path that resembles another path", () => {
  test.each([
    ["/healthz%00", 404],
    ["/healthz/", 404],
    ["//healthz", 404],
    ["/healthz;a=b", 404],
    ["/healthz%2f..", 404],
    ["/v1/convai/secrets/..%2f..%2f..%2fhealthz", 405],
    ["/%68ealthz", 404],
    ["/.%00./healthz", 404],
    ["*", 404],
    ["/x/../healthz", 200],
    ["/%2e%2e/healthz", 200],
    ["http://elsewhere.test/healthz", 200],
    ["/healthz?a=/../v1/deliveries", 200],
  ])("GET %s is answered %i", async (path, status) => {
    expect(await ask(`GET ${path} HTTP/1.1`)).toMatchObject({ status, isOwn: true });
  });

  test.each(["[::", "[", "a b", "a:99999999", "%", "a@b:c@d", "\\", "x/v1/deliveries?"])(
    "a request with the Host %j is answered 4xx",
    async (host) => {
      const bytes = `GET /v1/deliveries HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
      const answer = await sendRaw(stack.url, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    },
  );
});

test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "PURGE", "GET"])(
  "the method %s with x-http-method-override is answered 405",
  async (method) => {
    const answer = await ask(`${method} /v1/convai/secrets HTTP/1.1`, [
      "x-http-method-override: POST",
      `authorization: Bearer ${stack.sender.token}`,
    ]);
    expect(answer).toMatchObject({ status: 405, code: "method_not_allowed" });
  },
);

test("HEAD of the path for secrets is answered 405 without a body", async () => {
  const answer = await ask("HEAD /v1/convai/secrets HTTP/1.1");
  expect(answer.text).toMatch(/^HTTP\/1\.1 405 .*\r\n\r\n$/s);
});

describe("headers", () => {
  const token = () => `xi-api-key: ${stack.sender.token}`;

  test.each(["xi-api-key", "authorization", "webhook-id", "webhook-signature"])(
    "a duplicate %s header is answered 401",
    async (name) => {
      const value = name === "authorization" ? `Bearer ${stack.sender.token}` : stack.sender.token;
      expect(await post([`${name}: ${value}`, `${name}: ${value}`])).toMatchObject({
        status: 401,
        code: "unauthenticated",
      });
    },
  );

  test("a duplicate idempotency-key header is rejected", async () => {
    const keys = ["idempotency-key: a", "idempotency-key: b"];
    expect((await post([token(), ...keys])).code).toBe("invalid_idempotency_key");
  });

  test("a duplicate content-type header is answered 415", async () => {
    expect((await post([token(), "content-type: application/json"])).status).toBe(415);
  });

  test.each([
    ["a header of 200 KB", ["x: ".padEnd(200_000, "a")]],
    ["5,000 headers", Array.from({ length: 5_000 }, (_, index) => `x-${index}: y`)],
    ["a header name of 10 KB", [`${"n".repeat(10_000)}: y`]],
    ["a signature of 100 KB", [`webhook-signature: ${"v1,A ".repeat(20_000)}`]],
    ["a token of 100 KB", [`authorization: Bearer ${"A".repeat(100_000)}`]],
  ])("a request with %s is answered 401", async (_, fields) => {
    const { status } = await post(fields);
    expect(status).toBe(401);
  });

  test.each([
    ["a folded line", (field: string) => field.replace(": ", ":\r\n ")],
    ["a NUL", (field: string) => `${field}\0`],
    ["a bare carriage return", (field: string) => `${field}\rx-other: y`],
    ["a space before the colon", (field: string) => field.replace(":", " :")],
    ["a control character in the name", (field: string) => `\x01${field}`],
  ])("%s does not authenticate", async (_, spoil) => {
    const { status } = await post([spoil(token())]);
    expect([400, 401]).toContain(status);
  });

  test("a secret's name that looks like a header is rejected and sets no header", async () => {
    const name = "A\\r\\nset-cookie: injected=1\\r\\n\\r\\nHTTP/1.1 200 OK";
    const { status, text } = await post([token()], BODY.replace("RAW", name));
    expect(status).toBe(422);
    const [head = ""] = text.split("\r\n\r\n");
    expect(head).not.toContain("injected");
    // The log line is an object, so that a line break in it starts no line.
    expect(stack.logs()).not.toMatch(/^set-cookie/m);
  });

  test.each([
    ["two content lengths", ["content-length: 1"]],
    ["a negative content length", ["content-length: -1"]],
    ["a content length of 30 digits", [`content-length: ${"9".repeat(30)}`]],
    ["a content length with a sign", ["content-length: +1"]],
    ["an unknown coding", ["transfer-encoding: zip"]],
    ["an upgrade", ["upgrade: websocket", "connection: upgrade"]],
  ])("%s store nothing", async (_, fields) => {
    const before = stack.upstream.received().POST;
    const line = "POST /v1/convai/secrets HTTP/1.1";
    const { status } = await ask(line, [token(), "content-type: application/json", ...fields], "");
    expect([400, 415]).toContain(status);
    expect(stack.upstream.received().POST).toBe(before);
  });
});

test("random bytes end the connection without an unexpected error of the Worker", async () => {
  const start = fc.constantFrom(
    "",
    "GET /healthz HTTP/1.1\r\n",
    "POST /v1/convai/secrets HTTP/1.1\r\nhost: x\r\n",
    `POST /v1/convai/secrets HTTP/1.1\r\nhost: x\r\nxi-api-key: ${stack.sender.token}\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  const piece = fc.oneof(
    fc.constantFrom(
      "\r\n",
      "\r\n\r\n",
      "\0",
      ":",
      "5\r\nhello\r\n",
      "0\r\n\r\n",
      "ffffffff\r\n",
      "-1\r\n",
    ),
    fc.constantFrom(
      "content-length: 3\r\n",
      "transfer-encoding: chunked\r\n",
      "expect: 100-continue\r\n",
    ),
    fc.string({ unit: "binary", maxLength: 30 }),
  );
  const property = fc.asyncProperty(
    start,
    fc.array(piece, { maxLength: 8 }),
    async (start, pieces) => {
      const answer = await sendRaw(stack.url, start + pieces.join(""));
      expect(answer).toMatch(/^(|HTTP\/1\.1 (100|200|400|401|404|405|413|415|422|501) .*)$/s);
    },
  );
  await fc.assert(property, { numRuns: 500 * SCALE, seed: SEED });
}, 600_000);

test("a body with one byte per chunk is accepted", async () => {
  const fields = ["host: x", "connection: close", `xi-api-key: ${stack.sender.token}`];
  const head = ["POST /v1/convai/secrets HTTP/1.1", ...fields, "content-type: application/json"];
  const socket = open(stack.url);
  const answer = readToEnd(socket, head.join("\r\n"));
  socket.write(`${[...head, "transfer-encoding: chunked"].join("\r\n")}\r\n\r\n`);
  for (const byte of BODY) {
    socket.write(`1\r\n${byte}\r\n`);
    await sleep(2);
  }
  socket.end("0\r\n\r\n");
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
});

test("clients that never read do not delay others", async () => {
  const request = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(500);
  const readers = Array.from({ length: 50 }, () => open(stack.url).pause());
  await Promise.all(readers.map((reader) => once(reader, "connect")));
  for (const reader of readers) reader.write(request);
  await sleep(200);
  for (let index = 0; index < 20; index += 1) {
    expect((await sendDelivery(stack, { name: `WHILE_${index}`, value: "v" })).status).toBe(200);
  }
  for (const reader of readers) reader.destroy();
});
