import {
  answerJson,
  answerSlowly,
  printError,
  type ServerAnswer,
  serveLoopback,
} from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { type CreateSecretRequest, createSecret, listSecrets, updateSecret } from "../src/index.ts";
import { failureOf, UNKNOWABLE } from "./failures.ts";

/** Each is valid at its place, so that only the code under test keeps it out of an error. */
const CANARIES = {
  value: "canary-value",
  name: "canary-name",
  key: "canary-key",
  echo: "canary-echo",
};
const SECRET: CreateSecretRequest = { type: "new", name: CANARIES.name, value: CANARIES.value };

function expectNoLeak(error: Error): void {
  expect(printError(error)).not.toContain("canary");
  expect("cause" in error).toBe(false);
}

/** Echoes everything it received, in the body and in headers. */
function echo(status: number, shape: (text: string) => unknown): ServerAnswer {
  return (response, request) => {
    const text = `${CANARIES.echo} ${request.body} ${request.headers["xi-api-key"]}`;
    response.writeHead(status, "canary-reason", {
      "content-type": "application/json",
      "request-id": text,
      "retry-after": text,
      "x-echo": text,
    });
    response.end(JSON.stringify(shape(text)));
  };
}

const SHAPES: Record<string, (text: string) => unknown> = {
  "the newest shape": (text) => ({
    detail: { type: text, code: text, message: text, status: text, request_id: text, param: text },
  }),
  "the older shape": (text) => ({ detail: { status: text, message: text } }),
  "the validation error": (text) => ({
    detail: [
      { type: "missing", loc: ["body", "value"], msg: text, input: { text } },
      { type: text, loc: ["body", text, "name"], msg: text, input: text, ctx: { text } },
      { type: "constructor", loc: [CANARIES.name], msg: text },
    ],
  }),
  "no known shape": (text) => ({ [text]: [text] }),
};

const ECHOES = [400, 401, 403, 408, 409, 422, 429, 500, 503].flatMap((status) =>
  Object.entries(SHAPES).map(([name, shape]): [string, ServerAnswer] => [
    `${status} in ${name}`,
    echo(status, shape),
  ]),
);

const ANSWERS: [string, ServerAnswer][] = [
  ...Object.entries(UNKNOWABLE),
  ...ECHOES,
  ["200 in another shape", echo(200, (text) => ({ type: "stored", secret_id: 1, name: text }))],
  ["a redirect", answerJson({}, 307, { location: "http://127.0.0.1:1/canary" })],
];

describe("a SecretsApiError contains no value, name, API key or text of the API", () => {
  test.each(ANSWERS)("a SecretsApiError after %s contains no canary", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const options = { apiKey: CANARIES.key, baseUrl: url };
    expectNoLeak(await failureOf(createSecret(SECRET, options)));
    expectNoLeak(await failureOf(updateSecret("sec_1", { ...SECRET, type: "update" }, options)));
    expectNoLeak(await failureOf(listSecrets({ ...options, search: CANARIES.name }).next()));
  });

  test.each<[string, ServerAnswer]>([
    ["headers", () => {}],
    ["a body", answerSlowly(" ", 10, {})],
  ])("a SecretsApiError after no %s in time contains no canary", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const options = { apiKey: CANARIES.key, baseUrl: url, timeoutMs: 50 };
    expectNoLeak(await failureOf(createSecret(SECRET, options)));
  });

  test("a SecretsApiError after an abort contains no canary", async () => {
    const caller = new AbortController();
    const { url } = await serveLoopback(() => caller.abort(new Error("canary-reason")));
    const options = { apiKey: CANARIES.key, baseUrl: url, signal: caller.signal };
    expectNoLeak(await failureOf(createSecret(SECRET, options)));
    expectNoLeak(await failureOf(createSecret(SECRET, options)));
  });

  test("a SecretsApiError after a failed read of the API key contains no canary", async () => {
    const apiKey = () => Promise.reject(new Error("canary-store", { cause: CANARIES.key }));
    expectNoLeak(await failureOf(createSecret(SECRET, { apiKey })));
    expectNoLeak(await failureOf(createSecret(SECRET, { apiKey: `${CANARIES.key}\n` })));
  });

  test("a SecretsApiError after a fetch that fails contains no canary", async () => {
    const fetch = () => Promise.reject(new Error("canary-fetch", { cause: SECRET }));
    expectNoLeak(await failureOf(createSecret(SECRET, { apiKey: CANARIES.key, fetch })));
  });

  test.each([
    ["values of wrong types", { type: "canary", name: ["canary"], value: { canary: "canary" } }],
    ["a secret as a JSON key", { type: "new", name: "a", value: "b", "canary-sk_4f1d8b7c": "" }],
    ["text", "canary"],
    ["an array", ["canary"]],
  ])("a SecretsApiError after a request with %s contains no canary", async (_, wrong) => {
    const apiKey = CANARIES.key;
    expectNoLeak(await failureOf(createSecret(wrong as never, { apiKey })));
  });

  test("the error for a base URL that contains a password contains no canary", async () => {
    const options = { apiKey: CANARIES.key, baseUrl: "https://canary:canary@example.com" };
    const error = await createSecret(SECRET, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expectNoLeak(error as Error);
  });
});
