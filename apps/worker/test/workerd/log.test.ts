import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { logUnexpected } from "../../src/log.ts";
import { LOG_FIELDS } from "../../src/log-fields.ts";
import { TOKEN, UNKNOWN_SIGNING_SECRET } from "./fixtures.ts";
import { inject } from "./upstream.ts";
import { secretBody, sign, uniqueName, VALUE, WEBHOOK } from "./worker.ts";

type Level = "log" | "warn" | "error";
let logged: Record<Level, MockInstance>;

beforeEach(() => {
  const spy = (level: Level) => vi.spyOn(console, level).mockReturnValue();
  logged = { log: spy("log"), warn: spy("warn"), error: spy("error") };
});
afterEach(() => vi.restoreAllMocks());

const withToken = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

interface Delivery {
  readonly name?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly bindings?: object;
}

/** Sends a delivery. Returns the answer and the log lines. */
async function deliver({ name, body = secretBody(name), headers, bindings }: Delivery) {
  const init = { method: "POST", headers: headers ?? withToken, body };
  const request = new Request(WEBHOOK, init);
  const response = await worker.fetch(request, { ...env, ...bindings } as Env);
  const calls = (level: Level) => logged[level].mock.calls.map(([entry]) => entry);
  return { response, text: await response.text(), lines: calls("log"), errors: calls("error") };
}

/** The fields of a line that are not undefined. */
const saying = (line: object) =>
  Object.entries(line).flatMap(([key, value]) => (value === undefined ? [] : [key]));

const ALWAYS = ["event", "request_id", "version", "outcome", "status", "milliseconds"];

test("a stored delivery writes one log line with exactly these fields", async () => {
  const name = uniqueName();
  const id = crypto.randomUUID();
  const { response, lines } = await deliver({
    name,
    headers: { ...withToken, "idempotency-key": id },
  });
  expect(lines).toHaveLength(1);
  const members = [
    ...ALWAYS,
    ...["sender", "authenticated_by", "delivery", "name", "operation", "result"],
    ...["calls", "listings", "failed_listings", "impossible_listings"],
  ];
  for (const member of saying(lines[0])) expect(LOG_FIELDS).toHaveProperty(member);
  expect(saying(lines[0]).sort()).toEqual(members.sort());
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  expect(lines[0]).toMatchObject({
    event: "delivery",
    request_id: response.headers.get("x-request-id"),
    version: env.VERSION.id,
    sender: "main",
    delivery: new Uint8Array(hash, 0, 8).toHex(),
    name,
    outcome: "stored",
    status: 200,
    operation: "create",
    result: "created",
    calls: 1,
    listings: 1,
    failed_listings: 0,
    impossible_listings: 0,
  });
});

describe("a rejected delivery writes one log line with what is known by then", () => {
  const cases: [string, Delivery, object, string[]][] = [
    ["without a credential", { headers: {} }, { outcome: "unauthenticated", status: 401 }, []],
    [
      "with a stale timestamp",
      { body: "{}", headers: sign("{}", { at: new Date(1_000_000) }) },
      { outcome: "stale_timestamp", status: 401 },
      [],
    ],
    [
      "with a malformed body",
      { body: "{" },
      { outcome: "malformed_body", status: 400 },
      ["sender", "authenticated_by"],
    ],
    [
      "with a name that the patterns do not allow, which is not logged",
      { name: "OUTSIDE" },
      { outcome: "name_not_allowed", status: 403 },
      ["sender", "authenticated_by"],
    ],
    [
      "with a malformed delivery id",
      { headers: { ...withToken, "idempotency-key": "a.b" } },
      { outcome: "invalid_idempotency_key", status: 400 },
      ["sender", "authenticated_by", "name"],
    ],
    [
      "over the rate limit of the sender",
      { bindings: { RATE_LIMITER: { limit: async () => ({ success: false }) } } },
      { outcome: "rate_limited", status: 429 },
      ["sender", "authenticated_by"],
    ],
  ];
  test.each(cases)("the log line of a delivery %s", async (_, delivery, line, members) => {
    const { lines } = await deliver(delivery);
    expect(lines).toMatchObject([line]);
    expect(saying(lines[0]).sort()).toEqual([...ALWAYS, ...members].sort());
  });
});

test("a failure of ElevenLabs is logged with its status and request id", async () => {
  const name = uniqueName();
  const headers = { "x-request-id": "req-17" };
  await inject({ kind: "answer", status: 429, headers, name });
  expect((await deliver({ name })).lines).toMatchObject([
    {
      outcome: "upstream_rate_limited",
      status: 429,
      upstream_status: 429,
      upstream_request_id: "req-17",
    },
  ]);
});

test("GET /v1/deliveries writes a log line with the event deliveries", async () => {
  const url = new URL("/v1/deliveries", WEBHOOK);
  await worker.fetch(new Request(url, { headers: withToken }), env);
  const [line] = logged.log.mock.calls[0] ?? [];
  expect(line).toMatchObject({
    event: "deliveries",
    sender: "main",
    outcome: "listed",
    status: 200,
  });
  expect(saying(line)).toHaveLength(ALWAYS.length + 2);
});

test("public routes and unknown paths write no log line", async () => {
  for (const path of ["/healthz", "/openapi.json", "/nowhere"]) {
    await worker.fetch(new Request(new URL(path, WEBHOOK)), env);
  }
  expect(logged.log).not.toHaveBeenCalled();
});

test("no log line contains a value, a credential or a delivery id", async () => {
  const body = secretBody();
  const signed = sign(body);
  const forged = sign(body, { secret: UNKNOWN_SIGNING_SECRET });
  const keyed = { ...withToken, "idempotency-key": `id-${VALUE}` };
  await deliver({ body, headers: signed });
  await deliver({ body, headers: forged });
  await deliver({ body, headers: keyed });
  await deliver({ body: secretBody(undefined, `${VALUE}2`), headers: keyed });
  await deliver({ body: `{"${VALUE}":` });
  await deliver({ body: JSON.stringify({ type: VALUE, [VALUE]: VALUE }) });
  const text = JSON.stringify(Object.values(logged).map(({ mock }) => mock.calls));
  const ids = [signed["webhook-id"], forged["webhook-id"]];
  const signatures = [signed["webhook-signature"], forged["webhook-signature"]];
  for (const secret of [VALUE, TOKEN, ...ids, ...signatures]) expect(text).not.toContain(secret);
  expect(logged.log).toHaveBeenCalledTimes(6);
});

describe("a fault of this program", () => {
  const FAULT = `fault-${VALUE}`;
  const bindings = {
    LEDGER: {
      getByName() {
        throw new Error(FAULT);
      },
    },
  };

  test("a fault of the program is answered 500 internal_error without its message", async () => {
    const headers = { ...withToken, "idempotency-key": "id" };
    const { response, text, lines, errors } = await deliver({ headers, bindings });
    expect([response.status, response.headers.get("retry-after")]).toEqual([500, "5"]);
    expect(JSON.parse(text)).toMatchObject({
      code: "internal_error",
      outcome: "unknown",
      retryable: true,
    });
    expect(response.headers.get("cache-control")).toBe("no-store");
    const delivery = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect(lines).toMatchObject([
      { outcome: "internal_error", status: 500, sender: "main", delivery },
    ]);
    expect(errors).toMatchObject([
      { event: "unexpected", request_id: response.headers.get("x-request-id") },
    ]);
    expect(text + JSON.stringify([lines, errors])).not.toContain(VALUE);
  });

  test("a fault of the program is logged with its stack frames and without its message", () => {
    const error = new Error(`${FAULT}\nsecond line ${VALUE}`);
    error.stack = `Error: ${error.message}\n    at deliver (index.js:10:20)\n    at eval (${VALUE})`;
    logUnexpected("id", error);
    expect(logged.error.mock.calls).toEqual([
      [{ event: "unexpected", request_id: "id", frames: ["    at deliver (index.js:10:20)"] }],
    ]);
  });

  test("a thrown value that is not an Error is logged without the value", () => {
    logUnexpected("id", VALUE);
    expect(logged.error.mock.calls).toEqual([
      [{ event: "unexpected", request_id: "id", frames: [] }],
    ]);
  });
});
