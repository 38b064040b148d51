import { MAX_BODY_BYTES } from "@convai-secrets/protocol";
import { serveLoopback } from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import {
  type DeliverSecretOptions,
  deliverSecret,
  listDeliveries,
  type SenderOptions,
} from "../src/index.ts";
import { stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { ID_TOKEN, SECRET, SIGNING_SECRET, TOKEN } from "./fixtures.ts";

const URL_ = "https://secrets.example.test";

test.each<[string, object, string]>([
  [
    "no credential",
    { token: undefined },
    "exactly one of signingSecret, token and idToken is required",
  ],
  [
    "both",
    { signingSecret: SIGNING_SECRET },
    "exactly one of signingSecret, token and idToken is required",
  ],
  ["a signing secret as token", { token: SIGNING_SECRET }, "token must be cs_ and 43 characters"],
  ["a token with a line feed", { token: `${TOKEN}\n` }, "token must be cs_ and 43 characters"],
  [
    "a token as signing secret",
    { signingSecret: TOKEN, token: undefined },
    "signingSecret must be whsec_ and the base64 of 24 to 64 bytes",
  ],
  [
    "a short signing secret",
    { signingSecret: "whsec_AAAA", token: undefined },
    "signingSecret must be",
  ],
  ["http to another host", { url: "http://a.test" }, "url must use https unless its host"],
  ["user info in the address", { url: "https://u:p@a.test" }, "url must not contain user info"],
  ["no address", { url: "secrets" }, "url must be an absolute URL"],
  ["a time limit of 0", { timeoutMs: 0 }, "timeoutMs must be a whole number from 1 to"],
  ["0 attempts", { maxAttempts: 0 }, "maxAttempts must be a whole number from 1 to 1000"],
])("%s is a TypeError that names the rule", async (_, wrong, message) => {
  const options = { url: URL_, token: TOKEN, ...wrong } as SenderOptions;
  const calls = [deliverSecret({ ...options, ...SECRET }), listDeliveries(options).next()];
  for (const call of calls) {
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
  }
});

test("the types require exactly one credential", () => {
  const secret = { url: URL_, ...SECRET };
  const take = (_: DeliverSecretOptions) => {};
  take({ ...secret, token: TOKEN });
  take({ ...secret, signingSecret: SIGNING_SECRET });
  take({ ...secret, idToken: () => ID_TOKEN });
  // @ts-expect-error: none
  take({ ...secret });
  // @ts-expect-error: both
  take({ ...secret, token: TOKEN, signingSecret: SIGNING_SECRET });
});

test("a URL object with a path prefix is a valid address", async () => {
  const { url, received } = await serveLoopback(stored);
  const options = { url: new URL(`${url}/prefix/`), token: TOKEN, ...SECRET };
  await deliverSecret(options);
  expect(received[0]?.url).toBe("/prefix/v1/convai/secrets");
});

test("a fetch of the caller is called without a receiver", async () => {
  const { url, received } = await serveLoopback(stored);
  const own = function (this: unknown, ...args: Parameters<typeof fetch>) {
    // A browser's and a Worker's fetch refuse any other receiver.
    if (this !== undefined) throw new TypeError("Illegal invocation");
    return fetch(...args);
  };
  await deliverSecret({ url, token: TOKEN, ...SECRET, fetch: own });
  expect(received).toHaveLength(1);
});

describe("checks before anything is sent", () => {
  test.each<[string, object, string, object[]]>([
    [
      "an empty name",
      { name: "" },
      "invalid_request",
      [{ path: "name", message: "must not be empty" }],
    ],
    [
      "an empty value",
      { value: "" },
      "invalid_request",
      [{ path: "value", message: "must not be empty" }],
    ],
    [
      "half a character",
      { value: "\ud800" },
      "invalid_request",
      [{ path: "value", message: "must be well-formed Unicode" }],
    ],
    [
      "a value that is not a string",
      { value: 7 },
      "invalid_request",
      [{ path: "value", message: "must be a string" }],
    ],
    [
      "more than 64 KiB",
      { value: "é".repeat(MAX_BODY_BYTES / 2) },
      "payload_too_large",
      [{ path: "", message: "must not be larger than 64 KiB" }],
    ],
    ...["", "a.b", "a b", "é", "a".repeat(256)].map((id): [string, object, string, object[]] => [
      `the id ${JSON.stringify(id.slice(0, 9))}`,
      { id },
      "invalid_idempotency_key",
      [{ path: "id", message: "must be 1 to 255 visible ASCII characters without a dot" }],
    ]),
    [
      "a secret_id with a slash",
      { secretId: "a/b" },
      "invalid_request",
      [{ path: "secret_id", message: "must be 1 to 128 of A-Z, a-z, 0-9, _ and -" }],
    ],
    [
      "a name that contains the value",
      { name: "a hunter2hunter2" },
      "invalid_request",
      [{ path: "name", message: "must not contain the value or the credential" }],
    ],
  ])("%s is rejected", async (_, wrong, code, issues) => {
    const { url, received } = await serveLoopback(stored);
    const options = { url, signingSecret: SIGNING_SECRET, ...SECRET, ...wrong };
    const error = await failureOf(deliverSecret(options));
    expect(error).toMatchObject({ code, outcome: "not_applied", retryable: false, attempts: 0 });
    expect(error.issues).toEqual(issues);
    expect(received).toEqual([]);
  });

  test("a body of exactly 64 KiB is sent", async () => {
    const { url, received } = await serveLoopback(stored);
    const frame = JSON.stringify({ type: "new", name: "A", value: "" }).length;
    const options = { url, signingSecret: SIGNING_SECRET, name: "A" };
    const value = "v".repeat(MAX_BODY_BYTES - frame);
    await deliverSecret({ ...options, value });
    expect(received[0]?.body).toHaveLength(MAX_BODY_BYTES);
    expect(await failureOf(deliverSecret({ ...options, value: `${value}v` }))).toMatchObject({
      code: "payload_too_large",
    });
  });
});
