import { afterEach, describe, expect, test } from "vitest";
import { LIMITED_TOKEN } from "./fixtures.ts";
import { inject, lookUp, setApiKeys, setDuplicateNames } from "./upstream.ts";
import { create, secretBody, send, sign, uniqueName, VALUE, WEBHOOK } from "./worker.ts";

test("a stored secret is answered with exactly the three members of ElevenLabs' answer", async () => {
  const name = uniqueName();
  const answer = await create(secretBody(name));
  const { posts, secrets } = await lookUp(name);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ type: "stored", secret_id: secrets[0]?.secret_id, name });
  expect(posts).toBe(1);
  expect(secrets).toMatchObject([{ value: VALUE }]);
});

describe("requests that are rejected before a call to ElevenLabs", () => {
  test("a request without a credential is answered 401 with www-authenticate", async () => {
    const answer = await send({ body: secretBody() });
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "unauthenticated", outcome: "not_applied", retryable: false },
    });
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="convai-secrets"');
  });

  test("a valid signature with a timestamp of 301 seconds ago is answered stale_timestamp", async () => {
    const body = secretBody();
    const headers = sign(body, { at: new Date(Date.now() - 301_000) });
    const answer = await send({ body, headers });
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "stale_timestamp", retryable: true, outcome: "not_applied" },
    });
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="convai-secrets"');
  });

  test("a name outside the sender's patterns is answered 403", async () => {
    const errors = [{ path: "name", message: "must match a pattern of this sender" }];
    expect(await create(secretBody("OTHER_NAME"))).toMatchObject({
      status: 403,
      body: { code: "name_not_allowed", outcome: "not_applied", retryable: false, errors },
    });
    expect((await lookUp("OTHER_NAME")).posts).toBe(0);
  });

  test.each([
    ["not JSON", `{"value":"v" ${VALUE}`, "JSON"],
    ["cut off", secretBody().slice(0, -1), "JSON"],
    ["empty", "", "JSON"],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "UTF-8"],
    ["in UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), "UTF-8"],
    ["preceded by a byte order mark", `\uFEFF${secretBody()}`, "JSON"],
  ])("a body that is %s is answered 400 without the parser's message", async (_, body, form) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: {
        code: "malformed_body",
        detail: `The body must be ${form}`,
        outcome: "not_applied",
        retryable: false,
      },
    });
  });

  test.each([
    "text/plain",
    "application/json; charset=latin1",
    "application/json; charset=utf-8; charset=latin1",
    "application/json; profile=x",
    "application/json, text/plain",
    "application/jsonp",
    "application/problem+json",
    "",
  ])("the content-type %j is answered 415", async (type) => {
    expect(await create(secretBody(), { "content-type": type })).toMatchObject({
      status: 415,
      body: { code: "unsupported_media_type", outcome: "not_applied", retryable: false },
    });
  });

  test.each([
    "application/json;charset=UTF-8",
    'Application/JSON ; charset="utf-8"',
    "application/json ",
    "application/json;",
    "application/json; charset=utf8",
    "application/json ;; charset=UTF-8 ;",
  ])("the content-type %j is accepted", async (type) => {
    expect((await create(secretBody(), { "content-type": type })).status).toBe(200);
  });

  test("a body that breaks the schema is answered 422 with field and rule", async () => {
    const answer = await create(JSON.stringify({ type: "old", name: "", vaule: VALUE }));
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_request" } });
    expect(answer.body["errors"]).toEqual([
      { path: "type", message: 'must be "new"' },
      { path: "name", message: "must not be empty" },
      { path: "value", message: "is required" },
      { path: "vaule", message: "is not a known field" },
    ]);
  });

  test.each(["with.dot", "", "ü", "a b", "x".repeat(256), '"unclosed'])(
    "the Idempotency-Key %j is answered 400",
    async (key) => {
      expect(await create(secretBody(), { "idempotency-key": key })).toMatchObject({
        status: 400,
        body: { code: "invalid_idempotency_key" },
      });
    },
  );

  test("a webhook-id with a dot is rejected before the signature is verified", async () => {
    const body = secretBody();
    const headers = sign(body, { id: "msg.1" });
    for (const id of ["msg.1", "msg.2"]) {
      const answer = await send({ body, headers: { ...headers, "webhook-id": id } });
      expect(answer).toMatchObject({ status: 400, body: { code: "invalid_idempotency_key" } });
    }
  });

  test("a sender over its rate limit is answered 429 with retry-after", async () => {
    const limited = { authorization: `Bearer ${LIMITED_TOKEN}` };
    let answer = await send({ body: "{", headers: limited });
    let accepted = 0;
    // Another period of the limit can start during the loop, once.
    while (answer.status !== 429 && accepted < 201) {
      accepted += 1;
      answer = await send({ body: "{", headers: limited });
    }
    expect(accepted).toBeGreaterThanOrEqual(100);
    expect(answer).toMatchObject({
      status: 429,
      body: { code: "rate_limited", outcome: "not_applied", retryable: true },
    });
    expect(answer.headers.get("retry-after")).toBe("10");
    expect((await create()).status).toBe(200);
  });

  test.each([
    ["GET", WEBHOOK, "POST"],
    ["DELETE", WEBHOOK, "POST"],
    ["POST", "https://worker.test/healthz", "GET, HEAD"],
    ["OPTIONS", "https://worker.test/v1/deliveries", "GET, HEAD"],
  ])("%s %s is answered 405 with the allowed methods", async (method, url, allowed) => {
    const answer = await send({ method, url });
    expect(answer).toMatchObject({ status: 405, body: { code: "method_not_allowed" } });
    expect(answer.headers.get("allow")).toBe(allowed);
  });

  test.each(["/", "/v1/convai/secrets/", "/V1/convai/secrets", "/v1//convai/secrets"])(
    "POST %s is answered 404",
    async (path) => {
      const answer = await send({ url: `https://worker.test${path}` });
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    },
  );
});

describe("requests that ElevenLabs rejects", () => {
  afterEach(async () => {
    await setApiKeys();
    await setDuplicateNames("accept");
  });

  test("a 422 of ElevenLabs that echoes the body is answered with the path only", async () => {
    const name = uniqueName();
    await inject({ kind: "answer", status: 422, name });
    const answer = await create(secretBody(name));
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "rejected_by_elevenlabs", outcome: "not_applied", retryable: false },
    });
    expect(answer.body["errors"]).toEqual([expect.objectContaining({ path: expect.any(String) })]);
  });

  test("a 409 of ElevenLabs for a name that exists is answered rejected_by_elevenlabs", async () => {
    await setDuplicateNames("conflict");
    const name = uniqueName();
    await create(secretBody(name));
    expect(await create(secretBody(name, "another"))).toMatchObject({
      status: 422,
      body: { code: "rejected_by_elevenlabs", outcome: "not_applied" },
    });
  });

  test.each([400, 413, 418])(
    "a %i of ElevenLabs is answered 422 rejected_by_elevenlabs",
    async (status) => {
      const name = uniqueName();
      await inject({ kind: "answer", status, name });
      expect(await create(secretBody(name))).toMatchObject({
        status: 422,
        body: { code: "rejected_by_elevenlabs", upstream_request_id: expect.any(String) },
      });
    },
  );

  test.each([404, 405, 425])(
    "a %i of ElevenLabs does not say that the request was rejected",
    async (status) => {
      const name = uniqueName();
      await inject({ kind: "answer", status, name });
      expect(await create(secretBody(name))).toMatchObject({
        status: 502,
        body: { code: "upstream_failed", outcome: "unknown", retryable: true },
      });
    },
  );

  test.each(["quota_exceeded", "detected_unusual_activity"])(
    "a 401 of ElevenLabs with %s is answered 502 upstream_refused with the reason",
    async (code) => {
      const name = uniqueName();
      await inject({ kind: "answer", status: 401, code, name });
      expect(await create(secretBody(name))).toMatchObject({
        status: 502,
        body: { code: "upstream_refused", upstream_code: code, outcome: "not_applied" },
      });
    },
  );

  test("a wrong API key is answered 502 with the reason", async () => {
    await setApiKeys({ "another-key": ["convai_write", "convai_read"] });
    expect(await create()).toMatchObject({
      status: 502,
      body: { code: "upstream_key_refused", upstream_code: "invalid_api_key" },
    });
  });

  test("an API key without the permission is answered 502 with the reason", async () => {
    const { API_KEY } = await import("./fixtures.ts");
    await setApiKeys({ [API_KEY]: ["convai_read"] });
    expect(await create()).toMatchObject({
      status: 502,
      body: { code: "upstream_key_refused", upstream_code: "missing_permissions" },
    });
  });

  test.each(["rate_limit_exceeded", "concurrent_limit_exceeded", "system_busy"] as const)(
    "a 429 of ElevenLabs with %s is answered 429 with the same retry-after",
    async (code) => {
      const name = uniqueName();
      await inject({ kind: "answer", status: 429, code, name, headers: { "retry-after": "7" } });
      const first = await create(secretBody(name));
      expect(first).toMatchObject({ status: 429, body: { code: "upstream_rate_limited" } });
      expect(first.headers.get("retry-after")).toBe("7");
      await inject({ kind: "answer", status: 429, code, name });
      expect((await create(secretBody(name))).headers.get("retry-after")).toBeNull();
      expect((await create(secretBody(name))).status).toBe(200);
    },
  );
});

describe("failures of ElevenLabs", () => {
  const failures = [
    { kind: "answer", status: 500 },
    { kind: "answer", status: 503 },
    { kind: "answer", status: 408 },
    { kind: "drop" },
    { kind: "malformed-json" },
    { kind: "wrong-types" },
    { kind: "html" },
    { kind: "truncated-body" },
    { kind: "redirect", to: "https://elsewhere.test/" },
    { kind: "gzip-bomb", bytes: 16 * 1024 * 1024 },
  ] as const;
  test.each(failures)(
    "the failure %o is answered 502 with unknown outcome and the settle time",
    async (fault) => {
      const name = uniqueName();
      await inject({ ...fault, name });
      const answer = await create(secretBody(name));
      expect(answer).toMatchObject({
        status: 502,
        body: { code: "upstream_failed", outcome: "unknown", retryable: true },
      });
      // The settle time of 2 seconds, and the call's timeout unless its handler has ended.
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(10);
      expect((await lookUp(name)).posts).toBe(1);
    },
  );

  test("a call without an answer is answered 504 within 15 seconds", async () => {
    const name = uniqueName();
    await inject({ kind: "hang", name });
    const start = Date.now();
    expect(await create(secretBody(name))).toMatchObject({
      status: 504,
      body: { code: "upstream_timeout", outcome: "unknown", retryable: true },
    });
    expect(Date.now() - start).toBeLessThan(15_000);
  });
});
