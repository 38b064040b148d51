import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Fault } from "@convai-secrets/elevenlabs-local";
import { HEADERS, type ProblemCode } from "@convai-secrets/protocol";
import { createTestSender, searchFiles, searchFor, signRequest } from "@convai-secrets/testing";
import { afterAll, describe, expect, test } from "vitest";
import { startStack } from "../support/start-stack.ts";

const random = () => randomBytes(9).toString("hex");

/** Long and odd: each form of it differs from it, and no piece of it is anywhere by chance. */
const VALUE = `canary-${random()} "\\\n é🔑 <&+/%> ${random()}`;
/** A value that could pass for upstream's id of a request. */
const PLAIN_VALUE = `canary-plain-${random()}`;
/** The caller's or upstream's own text, of characters that a header takes. */
const TEXT = `canary-text-${random()}`;
const ID = `canary-id-${random()}`;

const sender = await createTestSender("canary", { names: ["CANARY_*"] });
const stack = await startStack({
  senders: [sender],
  env: { SETTLE_SECONDS: "60" },
  wrapper: join(import.meta.dirname, "worker.js"),
});
afterAll(stack.stop);

const search = searchFor({
  value: VALUE,
  plain: PLAIN_VALUE,
  text: TEXT,
  key: stack.apiKey,
  ledgerKey: stack.ledgerKey,
  token: sender.token,
  signingSecret: sender.signingSecret,
});
const signatures: string[] = [];

const secret = (name: string, value = VALUE) => JSON.stringify({ type: "new", name, value });
let count = 0;
const uniqueName = () => {
  count += 1;
  return `CANARY_${count}`;
};

const withToken = (headers: Record<string, string> = {}) => ({
  "xi-api-key": stack.sender.token,
  "content-type": "application/json",
  ...headers,
});

function sign(body: string, id = ID, at = new Date()): Record<string, string> {
  const headers = signRequest(stack.sender.signingSecret, { id, body, at });
  signatures.push(headers[HEADERS.webhookSignature]?.slice("v1,".length) ?? "");
  return { "content-type": "application/json", ...headers };
}

/** Sends a request, and searches all of the answer. */
async function ask(path: string, init: RequestInit): Promise<{ status: number; code?: string }> {
  const response = await fetch(stack.url + path, init);
  const text = `${response.statusText}${JSON.stringify([...response.headers])}${await response.clone().text()}`;
  expect(search(text), `canaries in the answer ${response.status}`).toEqual([]);
  expect(signatures.filter((signature) => text.includes(signature))).toEqual([]);
  const body = (await response.json()) as { code?: string };
  return { status: response.status, ...body };
}

const post = (body: string, headers: Record<string, string> = withToken()) =>
  ask("/v1/convai/secrets", { method: "POST", headers, body });

/** Delivers while upstream is at fault. */
function meet(
  fault: Fault,
  name = uniqueName(),
  body = secret(name),
  headers: Record<string, string> = withToken(),
) {
  stack.upstream.inject({ ...fault, name });
  return post(body, headers);
}

describe("no answer contains a canary: each row of the table of errors", () => {
  const rows: Partial<Record<ProblemCode, () => ReturnType<typeof ask>>> = {
    unauthenticated: () =>
      post(secret("A"), { authorization: `Bearer ${stack.sender.signingSecret}` }),
    stale_timestamp: () => post(secret("A"), sign(secret("A"), ID, new Date(1_000_000))),
    name_not_allowed: () => post(secret(TEXT)),
    not_found: () => ask(`/${TEXT}?${TEXT}=${stack.sender.token}`, { headers: withToken() }),
    method_not_allowed: () =>
      ask(`/v1/convai/secrets?${TEXT}`, { method: "PUT", headers: withToken(), body: VALUE }),
    malformed_body: () => post(secret(uniqueName()).slice(0, -2)),
    invalid_idempotency_key: () =>
      post(secret(uniqueName()), withToken({ "idempotency-key": `${TEXT}.` })),
    unsupported_media_type: () =>
      post(secret(uniqueName()), withToken({ "content-type": `text/${TEXT}` })),
    payload_too_large: () => post(secret(uniqueName(), VALUE.repeat(2_000))),
    invalid_request: () =>
      post(JSON.stringify({ type: VALUE, name: [VALUE], [VALUE]: VALUE, [stack.sender.token]: 1 })),
    idempotency_key_reused: async () => {
      const name = uniqueName();
      const headers = withToken({ "idempotency-key": ID });
      expect((await post(secret(name), headers)).status).toBe(200);
      return post(secret(name, `other ${VALUE}`), headers);
    },
    rate_limited: () => post(secret(uniqueName()), withToken({ "x-too-many": TEXT })),
    rejected_by_elevenlabs: () => meet({ kind: "answer", status: 422 }),
    upstream_key_refused: () =>
      meet({
        kind: "answer",
        status: 401,
        body: { detail: { status: "invalid_api_key", message: stack.apiKey } },
      }),
    upstream_rate_limited: () =>
      meet({ kind: "answer", status: 429, headers: { "retry-after": TEXT } }),
    upstream_failed: () => meet({ kind: "answer", status: 500, body: VALUE }),
    upstream_timeout: () => meet({ kind: "hang" }),
    outcome_unsettled: async () => {
      const name = uniqueName();
      await meet({ kind: "drop" }, name);
      return post(secret(name));
    },
    outcome_unknown: async () => {
      const name = uniqueName();
      stack.upstream.inject({
        kind: "answer",
        status: 403,
        method: "GET",
        name,
        times: Number.POSITIVE_INFINITY,
        body: { detail: { status: "missing_permissions", message: VALUE } },
      });
      return meet({ kind: "drop" }, name);
    },
    misconfigured: async () => {
      await stack.restart({ SETTLE_SECONDS: VALUE });
      const answer = await post(secret(uniqueName()));
      await stack.restart();
      return answer;
    },
  };
  test.each(Object.entries(rows))("%s", async (code, provoke) => {
    expect((await provoke()).code).toBe(code);
  });
});

describe("no answer contains a canary: each fault of the upstream", () => {
  const text = `${VALUE} ${TEXT}`;
  const echo = {
    detail: { status: text, message: text, request_id: text, param: VALUE, code: text },
  };
  const issue = { loc: ["body", VALUE, "name"], msg: text, type: TEXT, input: text, ctx: { text } };
  const headers = {
    "x-request-id": `${TEXT}!`,
    "retry-after": TEXT,
    location: TEXT,
    "set-cookie": TEXT,
  };
  const stored = { type: "stored", secret_id: "s", name: "A" };
  const ok = { kind: "answer", status: 200 } as const;
  const faults: Record<Fault["kind"], Fault[]> = {
    answer: [
      ...[400, 401, 403, 404, 408, 409, 422, 429, 500, 503].flatMap((status): Fault[] => [
        { kind: "answer", status, body: echo, headers },
        { kind: "answer", status, body: { detail: [issue] }, headers },
        {
          kind: "answer",
          status,
          body: text,
          headers: { ...headers, "x-request-id": stack.apiKey },
        },
      ]),
      { kind: "answer", status: 422, shape: "validation" },
      { kind: "answer", status: 422, shape: "detailed" },
      { kind: "answer", status: 422, shape: "brief" },
      { ...ok, body: { ...stored, secret_id: VALUE } },
      { ...ok, body: { ...stored, secret_id: `id-${VALUE}` } },
      { ...ok, body: { ...stored, secret_id: stack.apiKey } },
      { ...ok, body: { ...stored, name: VALUE } },
      { ...ok, body: { ...stored, name: `${stack.apiKey}!` } },
      { ...ok, body: { ...stored, value: VALUE, [TEXT]: TEXT }, headers },
      { ...ok, body: { type: VALUE, secret_id: 1, name: VALUE } },
      { ...ok, body: text },
      { ...ok, method: "GET", body: text },
    ],
    drop: [{ kind: "drop" }, { kind: "drop", store: true }],
    hang: [{ kind: "hang" }, { kind: "hang", store: true }],
    delay: [
      { kind: "delay", ms: 10 },
      { kind: "delay", ms: 10, when: "after" },
    ],
    "malformed-json": [{ kind: "malformed-json" }, { kind: "malformed-json", store: true }],
    "wrong-types": [{ kind: "wrong-types" }, { kind: "wrong-types", store: true }],
    html: [{ kind: "html" }, { kind: "html", status: 502 }, { kind: "html", store: true }],
    "endless-body": [{ kind: "endless-body" }, { kind: "endless-body", of: "letters" }],
    "truncated-body": [{ kind: "truncated-body" }, { kind: "truncated-body", store: true }],
    redirect: [
      { kind: "redirect", to: `http://127.0.0.1:1/?${TEXT}` },
      { kind: "redirect", to: `http://127.0.0.1:1/${stack.apiKey}`, status: 302, store: true },
    ],
    "gzip-bomb": [{ kind: "gzip-bomb", bytes: 16 * 1024 * 1024 }],
  };
  test.concurrent.each(Object.entries(faults))("%s", async (_, variants) => {
    // A fault that takes its time is met by both ways of telling who calls at once.
    const meetings = variants.flatMap((fault) => [meet(fault), meetSigned(fault)]);
    for (const { status } of await Promise.all(meetings))
      expect(status).toBeGreaterThanOrEqual(200);
  });

  async function meetSigned(fault: Fault) {
    const name = uniqueName();
    const body = secret(name);
    return meet(fault, name, body, sign(body, `${ID}-${name}`));
  }

  test("a listing with the API key as a secret_id, which the ledger would keep", async () => {
    const name = uniqueName();
    const body = { secrets: [{ ...stored, secret_id: stack.apiKey, name }] };
    stack.upstream.inject({ ...ok, method: "GET", name, body, times: 2 });
    expect((await meet({ kind: "drop" }, name)).code).toBe("outcome_unknown");
  });

  test("a value that looks like the id of a request, in the place of one", async () => {
    const echoes: Fault[] = [
      { kind: "answer", status: 400, headers: { "x-request-id": PLAIN_VALUE } },
      { kind: "answer", status: 400, headers: { "request-id": `req-${PLAIN_VALUE}` } },
      { kind: "answer", status: 400, body: { detail: { request_id: PLAIN_VALUE } } },
      { kind: "answer", status: 200, body: { ...stored, secret_id: `id-${PLAIN_VALUE}` } },
    ];
    for (const fault of echoes) {
      const name = uniqueName();
      expect((await meet(fault, name, secret(name, PLAIN_VALUE))).status).not.toBe(200);
    }
  });
});

test("no answer contains a canary: a fault of the program that quotes everything", async () => {
  expect(await post(secret("CANARY_FAULT"))).toMatchObject({ code: "internal_error" });
  expect(stack.logs()).toContain('"event":"unexpected"');
});

describe("no answer contains a canary: credentials, bodies and public routes", () => {
  test("a delivery's id that is the token, the value or holds one of them", async () => {
    const ids = [stack.sender.token, PLAIN_VALUE, `${PLAIN_VALUE}-1`, `id-${stack.sender.token}`];
    for (const id of ids) {
      const name = uniqueName();
      const body = secret(name, PLAIN_VALUE);
      expect((await post(body, withToken({ "idempotency-key": id }))).status).toBe(400);
      if (id.includes(PLAIN_VALUE)) expect((await post(body, sign(body, id))).status).toBe(400);
    }
  });

  test("wrong credentials, and right ones in the wrong place", async () => {
    const body = secret(uniqueName());
    const signed = sign(body);
    const wrong = [
      { ...signed, "webhook-id": stack.sender.token },
      { ...signed, "webhook-signature": `v1,${stack.sender.token}` },
      { ...signed, authorization: `Bearer ${stack.sender.token}`, "webhook-timestamp": TEXT },
      { "xi-api-key": stack.apiKey, cookie: stack.sender.token },
      { authorization: stack.sender.token, "user-agent": stack.sender.token },
    ];
    for (const headers of wrong) expect((await post(body, headers)).status).toBe(401);
  });

  test.each([
    ["text", JSON.stringify(VALUE)],
    // V8 says of JSON this short that "…" is not valid.
    ["a few characters", TEXT.slice(0, 18)],
    ["wrong types", JSON.stringify({ type: VALUE, name: [VALUE], value: { a: VALUE } })],
    [
      "duplicate keys",
      `{"type":"new","name":"CANARY_X","value":"v","value":${JSON.stringify(VALUE)}}`,
    ],
    ["half a surrogate", `{"type":"new","name":"CANARY_X","value":"${TEXT}\\ud800"}`],
  ])("a body of %s", async (_, body) => {
    expect((await post(body)).status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    "/v1/deliveries?limit=100",
    `/v1/deliveries?limit=${TEXT}`,
    `/v1/deliveries?${TEXT}=1`,
    "/healthz",
    "/openapi.json",
  ])("GET %s", async (path) => {
    await ask(path, { headers: withToken() });
  });
});

test("no line of the log contains a canary, a signature or a delivery's id", async () => {
  const output = stack.logs();
  expect(output).toContain('"sender":"canary"');
  expect(search(output)).toEqual([]);
  expect(output.includes(ID)).toBe(false);
  expect(signatures.filter((signature) => output.includes(signature))).toEqual([]);
});

test("the ledger's files contain no canary, while it runs and afterwards", async () => {
  const storage = stack.storage;
  const known = searchFor({ id: ID });
  expect(await searchFiles(search, storage)).toEqual({});
  expect(Object.keys(await searchFiles(known, storage))).not.toEqual([]);
  await stack.kill("SIGTERM");
  expect(await searchFiles(search, storage)).toEqual({});
});

test("a broken configuration is reported without its values", async () => {
  const broken = [
    {
      SENDERS: JSON.stringify([
        {
          id: VALUE,
          signingSecrets: [TEXT],
          tokenHashes: [stack.sender.token],
          names: [1],
          [TEXT]: 1,
        },
      ]),
    },
    { SENDERS: `[{"id":"${TEXT}` },
    { SENDERS: TEXT.slice(0, 18) },
    { ELEVENLABS_API_KEY: `${stack.apiKey}\n` },
    { ELEVENLABS_BASE_URL: `http://${TEXT}@x.test` },
    { LEDGER_RETENTION_DAYS: VALUE, RECONCILE: VALUE, SETTLE_SECONDS: VALUE },
  ];
  for (const bindings of broken) {
    await stack.restart(bindings);
    expect((await ask("/healthz", {})).status).toBe(503);
    expect((await post(secret(uniqueName()))).status).toBe(503);
    expect(search(stack.logs())).toEqual([]);
  }
});
