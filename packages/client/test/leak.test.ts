import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  answerEndlessly,
  answerJson,
  printError,
  type ReceivedRequest,
  type ServerAnswer,
  serveLoopback,
} from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { deliverSecret, listDeliveries, type SenderOptions } from "../src/index.ts";
import { LOST, stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";

/** Each in a form that its place takes, so that only our care keeps it out of an error. */
const NAME = "canary_name";
const VALUE = "must be canary-value";
const SIGNING_SECRET = `whsec_${Buffer.from("canary-signing-secret-32-bytes..").toString("base64")}`;
const TOKEN = `cs_${"canary-token-".repeat(4).slice(0, 43)}`;
const ID_TOKEN = "canary-head.canary-claims.canary-signature";
const CREDENTIALS = [
  { signingSecret: SIGNING_SECRET },
  { token: TOKEN },
  { idToken: ID_TOKEN },
] as const;

function expectNoLeak(text: string, received: readonly ReceivedRequest[] = []): void {
  const signatures = received.map(({ headers }) => headers["webhook-signature"]);
  for (const secret of [
    VALUE,
    SIGNING_SECRET,
    SIGNING_SECRET.slice(6),
    TOKEN,
    "canary",
    ...signatures,
  ]) {
    if (secret !== undefined) expect(text).not.toContain(secret);
  }
}

/** Echoes the request: in the status line, in headers, and in every member that is read. */
function echo(status: number, shape: (text: string) => unknown): ServerAnswer {
  return (response, { body, headers }) => {
    const value = body && (JSON.parse(body) as { value: string }).value;
    const credential = headers.authorization ?? headers["webhook-signature"];
    const text = `${value} ${credential} ${body}`;
    response.writeHead(status, "canary-reason", {
      "content-type": "application/problem+json",
      "retry-after": "canary",
      "x-request-id": text.replaceAll(/[^ -~]/g, ""),
    });
    response.end(JSON.stringify(shape(status === 418 ? String(value) : text)));
  };
}

const SHAPES: Record<string, (text: string) => unknown> = {
  "a problem document": (text) => ({
    type: text,
    title: text,
    detail: text,
    code: "invalid_request",
    request_id: text,
    outcome: text,
    upstream_request_id: text,
    errors: [
      { path: text, message: text },
      { path: "name", message: `must be ${text}` },
    ],
  }),
  "a problem document with its text for a code": (text) => ({ code: text, errors: [text] }),
  "a stored secret": (text) => ({ type: "stored", secret_id: text, name: NAME }),
  "text for a name": (text) => ({ type: "stored", secret_id: "sec_1", name: text }),
  "no known shape": (text) => ({ [text]: [text] }),
  "a list of deliveries": (text) => ({ deliveries: [{ id: text }], next: text }),
};

const ANSWERS: [string, ServerAnswer][] = [
  ...Object.entries(LOST),
  ...[200, 400, 401, 403, 409, 418, 422, 429, 500, 503].flatMap((status) =>
    Object.entries(SHAPES).map(([title, shape]): [string, ServerAnswer] => [
      `a ${status} that echoes in ${title}`,
      echo(status, shape),
    ]),
  ),
  ["a redirect", answerJson({}, 307, { location: "http://127.0.0.1:1/canary" })],
  ["an endless body", answerEndlessly(500)],
];

describe.each(CREDENTIALS)("no error contains a value, a credential or the answer", (who) => {
  const options = (url: string): SenderOptions => ({ url, ...who, maxAttempts: 1 });

  test.each(ANSWERS)("an error after %s contains no canary", async (_, answer) => {
    const { url, received } = await serveLoopback(answer);
    const delivery = deliverSecret({ ...options(url), name: NAME, value: VALUE });
    expectNoLeak(printError(await failureOf(delivery)), received);
    expectNoLeak(printError(await failureOf(listDeliveries(options(url)).next())), received);
  });

  test("an error after a timeout or an abort contains no canary", async () => {
    const caller = new AbortController();
    const { url, received } = await serveLoopback(
      () => {},
      () => caller.abort(new Error("canary-reason")),
    );
    const secret = { ...options(url), name: NAME, value: VALUE };
    expectNoLeak(
      printError(await failureOf(deliverSecret({ ...secret, timeoutMs: 200 }))),
      received,
    );
    const aborted = deliverSecret({ ...secret, signal: caller.signal });
    expectNoLeak(printError(await failureOf(aborted)), received);
  });

  test("an error after a fetch that fails contains no canary", async () => {
    const fetch = () => Promise.reject(new Error("canary-fetch", { cause: VALUE }));
    const delivery = deliverSecret({
      ...options("https://a.test"),
      name: NAME,
      value: VALUE,
      fetch,
    });
    const error = await failureOf(delivery);
    expectNoLeak(printError(error));
    expect("cause" in error).toBe(false);
  });

  test("an error after an answer whose request id is the value does not contain the value", async () => {
    const value = "0b6bd8a5-4c1f-4c0e-9a39-0e5f0a3a5b3c";
    const document = { code: "name_not_allowed", request_id: value };
    const { url } = await serveLoopback(answerJson(document, 403));
    const error = await failureOf(deliverSecret({ ...options(url), name: NAME, value }));
    expect(error.code).toBe("name_not_allowed");
    expect(printError(error)).not.toContain(value);
  });

  test("the error for a secret that breaks a rule, or an id that is the value, contains no canary", async () => {
    const { url } = await serveLoopback(answerJson({}, 400), stored);
    const secret = { ...options(url), name: NAME, value: VALUE };
    for (const wrong of [{ name: ["canary"] }, { value: { canary: VALUE } }, { id: VALUE }]) {
      expectNoLeak(printError(await failureOf(deliverSecret({ ...secret, ...wrong } as never))));
    }
    const credential = String(Object.values(who)[0]);
    for (const id of ["canary-id", "of-canary-id", credential, `of-${credential}`]) {
      const error = await failureOf(deliverSecret({ ...secret, value: "canary-id", id }));
      expect(error).toMatchObject({ code: "invalid_idempotency_key", attempts: 0 });
      expectNoLeak(printError(error));
    }
  });

  test("the error for an option that breaks a rule contains no canary", async () => {
    const wrong = [
      { url: "https://canary:canary@a.test" },
      { signingSecret: `${SIGNING_SECRET}!`, token: undefined, idToken: undefined },
      { token: `${TOKEN}canary`, signingSecret: undefined, idToken: undefined },
      { token: TOKEN, signingSecret: SIGNING_SECRET },
    ];
    for (const difference of wrong) {
      const options = { url: "https://a.test", ...who, ...difference } as SenderOptions;
      const delivery = deliverSecret({ ...options, name: NAME, value: VALUE });
      const error = await delivery.catch((reason: Error) => reason);
      expect(error).toBeInstanceOf(TypeError);
      expectNoLeak(printError(error as Error));
    }
  });
});

test("a program that does not catch the error prints no secret", async () => {
  const shape = SHAPES["a problem document"] ?? String;
  const { url, received } = await serveLoopback(echo(422, shape));
  const index = fileURLToPath(new URL("../dist/index.js", import.meta.url));
  const program = `
    import { deliverSecret } from ${JSON.stringify(index)};
    const { url, signingSecret, name, value } = process.env;
    const call = () => deliverSecret({ url, signingSecret, name, value });
    await call().catch((error) => console.error("%o", error));
    await call();`;
  const env = { url, signingSecret: SIGNING_SECRET, name: NAME, value: VALUE };
  const printed = await new Promise<string>((resolve) => {
    const flags = ["--input-type=module", "--eval", program];
    execFile(process.execPath, flags, { env }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(printed).toContain("DeliveryError: Invalid request");
  expect(received).toHaveLength(2);
  expectNoLeak(printed.replaceAll(program, ""), received);
});
