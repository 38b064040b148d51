import { describe, expect, test } from "vitest";
import {
  type DeliverSecretOptions,
  deliverSecret,
  listDeliveries,
  type SenderOptions,
} from "../src/index.ts";
import { stored } from "./answers.ts";
import { failureOf } from "./failures.ts";
import { SECRET, SENDER_KEY, TOKEN } from "./fixtures.ts";
import { serve } from "./loopback.ts";

const URL_ = "https://secrets.example.test";

/** What is given is named by its rule, and never shown. */
test.each<[string, object, string]>([
  ["no credential", { token: undefined }, "exactly one of senderKey and token must be given"],
  ["both", { senderKey: SENDER_KEY }, "exactly one of senderKey and token must be given"],
  ["a signing secret for a token", { token: SENDER_KEY }, "token must be cs_ and 43 characters"],
  ["a token with a line feed", { token: `${TOKEN}\n` }, "token must be cs_ and 43 characters"],
  [
    "a token for a signing secret",
    { senderKey: TOKEN, token: undefined },
    "senderKey must be whsec_ and the base64 of 24 to 64 bytes",
  ],
  ["a short signing secret", { senderKey: "whsec_AAAA", token: undefined }, "senderKey must be"],
  ["http to another host", { url: "http://a.test" }, "url must use https unless its host"],
  ["user info in the address", { url: "https://u:p@a.test" }, "url must not hold user info"],
  ["no address", { url: "secrets" }, "url must be an absolute URL"],
  ["a time limit of nothing", { timeoutMs: 0 }, "timeoutMs must be a whole number from 1 to"],
  ["no attempt", { maxAttempts: 0 }, "maxAttempts must be a whole number from 1 to 1000"],
])("%s is a mistake of the program", async (_, wrong, message) => {
  const options = { url: URL_, token: TOKEN, ...wrong } as SenderOptions;
  const calls = [deliverSecret({ ...options, ...SECRET }), listDeliveries(options).next()];
  for (const call of calls) {
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
  }
});

test("one credential is what the types ask for", () => {
  const secret = { url: URL_, ...SECRET };
  const take = (_: DeliverSecretOptions) => {};
  take({ ...secret, token: TOKEN });
  take({ ...secret, senderKey: SENDER_KEY });
  // @ts-expect-error: none
  take({ ...secret });
  // @ts-expect-error: both
  take({ ...secret, token: TOKEN, senderKey: SENDER_KEY });
});

test("a path prefix and a URL object are addresses", async () => {
  const { url, received } = await serve(stored);
  const options = { url: new URL(`${url}/prefix/`), token: TOKEN, ...SECRET };
  await deliverSecret(options);
  expect(received[0]?.url).toBe("/prefix/v1/convai/secrets");
});

test("fetch may be the caller's own, and is called without a this", async () => {
  const { url, received } = await serve(stored);
  const own = function (this: unknown, ...args: Parameters<typeof fetch>) {
    // A browser's and a Worker's fetch refuse any other receiver.
    if (this !== undefined) throw new TypeError("Illegal invocation");
    return fetch(...args);
  };
  await deliverSecret({ url, token: TOKEN, ...SECRET, fetch: own });
  expect(received).toHaveLength(1);
});

describe("nothing is sent of", () => {
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
      "what is no text",
      { value: 7 },
      "invalid_request",
      [{ path: "value", message: "must be a string" }],
    ],
    ["more than 64 KiB", { value: "é".repeat(32 * 1024) }, "payload_too_large", []],
    ...["", "a.b", "a b", "é", "a".repeat(256)].map((id): [string, object, string, object[]] => [
      `the id ${JSON.stringify(id.slice(0, 9))}`,
      { id },
      "invalid_idempotency_key",
      [{ path: "id", message: "must be 1 to 255 visible ASCII characters without a dot" }],
    ]),
  ])("%s", async (_, wrong, code, issues) => {
    const { url, received } = await serve(stored);
    const options = { url, senderKey: SENDER_KEY, ...SECRET, ...wrong };
    const error = await failureOf(deliverSecret(options));
    expect(error).toMatchObject({ code, outcome: "not_created", retryable: false, attempts: 0 });
    expect(error.issues).toEqual(issues);
    expect(received).toEqual([]);
  });

  test("all of 64 KiB is sent", async () => {
    const { url, received } = await serve(stored);
    const frame = JSON.stringify({ type: "new", name: "A", value: "" }).length;
    const options = { url, senderKey: SENDER_KEY, name: "A" };
    const value = "v".repeat(64 * 1024 - frame);
    await deliverSecret({ ...options, value });
    expect(received[0]?.body).toHaveLength(64 * 1024);
    expect(await failureOf(deliverSecret({ ...options, value: `${value}v` }))).toMatchObject({
      code: "payload_too_large",
    });
  });
});
