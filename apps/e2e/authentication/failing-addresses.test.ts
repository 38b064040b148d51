import { HEADERS, PATHS } from "@convai-secrets/protocol";
import {
  type Answer,
  createTestSender,
  readAnswer,
  signRequest,
  type TestStack,
} from "@convai-secrets/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendRaw } from "../connections/raw-request.ts";
import { startStack } from "../support/start-stack.ts";

/** The same as MAX_FAILURES of the Worker, plus some that are rejected without a count. */
const REPEATED = 40;
const BODY = JSON.stringify({ type: "new", name: "A_NAME", value: "v" });

let stack: TestStack;
let forger: Awaited<ReturnType<typeof createTestSender>>;
beforeAll(async () => {
  stack = await startStack();
  forger = await createTestSender("forger");
});
afterAll(() => stack.stop());

let count = 0;

async function send(
  address: string | undefined,
  authentication: Record<string, string>,
  body: string | ReadableStream = BODY,
): Promise<Answer> {
  const headers = {
    "content-type": "application/json",
    ...(address !== undefined && { "cf-connecting-ip": address }),
    ...authentication,
  };
  const duplex = body instanceof ReadableStream ? { duplex: "half" as const } : {};
  const init = { method: "POST", headers, body, ...duplex };
  return readAnswer(await fetch(stack.url + PATHS.secrets, init));
}

function sign(secret: string): Record<string, string> {
  count += 1;
  return signRequest(secret, { id: `msg_${count}`, body: BODY });
}

const forge = () => sign(forger.signingSecret);

async function failRepeatedly(address: string | undefined): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < REPEATED; index += 1) {
    statuses.push((await send(address, forge())).status);
  }
  return statuses;
}

test("An address that fails repeatedly gets 429 with retry-after instead of 401", async () => {
  const statuses = await failRepeatedly("192.0.2.1");
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
  expect(statuses).toEqual(statuses.toSorted((a, b) => a - b));
  const { retryAfter, body } = await send("192.0.2.1", forge());
  expect(body["code"]).toBe("rate_limited");
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
});

test("The body of a signed request is not read while its address has to wait", async () => {
  await failRepeatedly("192.0.2.2");
  // The stream never ends.
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) });
  expect((await send("192.0.2.2", forge(), body)).status).toBe(429);
});

test("Senders behind other addresses are not affected", async () => {
  await failRepeatedly("192.0.2.3");
  expect((await send("192.0.2.4", sign(stack.sender.signingSecret))).status).toBe(200);
});

test("A valid token from an address that has to wait is accepted, a wrong one gets 429", async () => {
  await failRepeatedly("192.0.2.5");
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  expect((await send("192.0.2.5", bearer(stack.sender.token))).status).toBe(200);
  expect((await send("192.0.2.5", bearer(forger.token))).status).toBe(429);
  expect((await send("192.0.2.5", {})).status).toBe(429);
});

test("Addresses of one IPv6 network count as one, and those of another do not", async () => {
  await failRepeatedly("2001:db8:0:1::1");
  expect((await send("2001:db8:0:1:ffff::2", forge())).status).toBe(429);
  expect((await send("2001:db8:0:2::1", forge())).status).toBe(401);
});

test("A valid signature with an old timestamp is no failure", async () => {
  const at = new Date(Date.now() - 3_600_000);
  for (let index = 0; index < REPEATED; index += 1) {
    const content = { id: `msg_old_${index}`, body: BODY, at };
    const answer = await send("192.0.2.6", signRequest(stack.sender.signingSecret, content));
    expect(answer.body["code"]).toBe("stale_timestamp");
  }
});

test("A GET with a body counts as a failure, and from then on it writes no log line", async () => {
  const lines = [
    "GET /v1/deliveries HTTP/1.1",
    "host: worker.test",
    "connection: close",
    "cf-connecting-ip: 192.0.2.7",
    "content-length: 2",
  ];
  const statuses: string[] = [];
  for (let index = 0; index < REPEATED; index += 1) {
    const answer = await sendRaw(stack.url, `${lines.join("\r\n")}\r\n\r\n{}`);
    statuses.push(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 400".length));
  }
  expect([statuses[0], statuses.at(-1)]).toEqual(["400", "429"]);
  const rejected = statuses.filter((status) => status === "400").length;
  expect(stack.logs().split("malformed_body")).toHaveLength(rejected + 1);
});

test("Outside Cloudflare, where no header vouches for the address, failures are not counted", async () => {
  expect(new Set(await failRepeatedly(undefined))).toEqual(new Set([401]));
  const forged = { ...forge(), "x-forwarded-for": "192.0.2.1", [HEADERS.apiKey]: "x" };
  expect((await send(undefined, forged)).status).toBe(401);
});
