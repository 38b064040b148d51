import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, test } from "vitest";
import { authenticateAs, importSenders } from "./authenticate-as.ts";
import {
  LIMITED_TOKEN,
  OTHER_SIGNING_SECRET,
  SIGNING_SECRET,
  TOKEN,
  UNKNOWN_SIGNING_SECRET,
} from "./fixtures.ts";
import { lookUp } from "./upstream.ts";
import { create, secretBody, send, sign, uniqueName, VALUE } from "./worker.ts";

describe("signatures of other implementations are accepted", () => {
  test("a signature of the standardwebhooks library is accepted", async () => {
    const body = secretBody();
    expect((await send({ body, headers: sign(body) })).status).toBe(200);
  });

  test("a signature of the svix library is accepted", async () => {
    const body = secretBody();
    const headers = sign(body);
    const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
    const signature = new SvixWebhook(SIGNING_SECRET).sign(headers["webhook-id"] ?? "", at, body);
    const signed = { ...headers, "webhook-signature": signature };
    expect((await send({ body, headers: signed })).status).toBe(200);
  });

  /** Secret, id, time, payload and signature are those of the Standard Webhooks libraries' own tests. */
  test("the test vector of the Standard Webhooks repository is accepted", async () => {
    const senders = await importSenders([
      { id: "vector", signingSecrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] },
    ]);
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const body = new TextEncoder().encode('{"test": 2432232314}');
    const now = 1_614_265_330_000;
    expect(await authenticateAs(senders, headers, body, now)).toBe("vector");
    body[2] = 0x54;
    expect(await authenticateAs(senders, headers, body, now)).toBe("unauthenticated");
  });
});

describe("signing secrets are rotated without downtime", () => {
  test("each of two configured signing secrets is accepted", async () => {
    const body = secretBody();
    for (const secret of [SIGNING_SECRET, OTHER_SIGNING_SECRET]) {
      expect((await send({ body, headers: sign(body, { secret }) })).status).toBe(200);
    }
  });

  test("one valid signature among several is enough, and other versions are ignored", async () => {
    const body = secretBody();
    const right = sign(body);
    const at = new Date(Number(right["webhook-timestamp"]) * 1000);
    const wrong = new Webhook(UNKNOWN_SIGNING_SECRET).sign(right["webhook-id"] ?? "", at, body);
    const list = [wrong, "v1a,bm90IGFuIEhNQUM=", right["webhook-signature"]].join(" ");
    expect((await send({ body, headers: { ...right, "webhook-signature": list } })).status).toBe(
      200,
    );
  });
});

test.each([
  [-301, "stale_timestamp"],
  [-300, undefined],
  [300, undefined],
  [301, "stale_timestamp"],
])("the result for a webhook-timestamp %i seconds from now is %s", async (offset, code) => {
  const now = 1_700_000_000_000;
  const senders = await importSenders([{ id: "clock", signingSecrets: [SIGNING_SECRET] }]);
  const body = secretBody();
  const headers = sign(body, { at: new Date(now + offset * 1000) });
  expect(await authenticateAs(senders, headers, body, now)).toBe(code ?? "clock");
});

describe("a wrong or malformed signature is answered 401, even with a valid token", () => {
  const body = secretBody();
  const right = sign(body);
  const v1 = right["webhook-signature"] ?? "";
  const without = (name: string) =>
    Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
  const cases: [string, Record<string, string>][] = [
    ["by a secret that is not configured", sign(body, { secret: UNKNOWN_SIGNING_SECRET })],
    ["over another body", sign(`${body} `)],
    [
      "by a wrong secret and stale",
      sign(body, { secret: UNKNOWN_SIGNING_SECRET, at: new Date(1_000_000) }),
    ],
    ["for another id", { ...right, "webhook-id": "msg_other" }],
    [
      "for another time",
      { ...right, "webhook-timestamp": String(Math.floor(Date.now() / 1000) - 1) },
    ],
    ["without an id", without("webhook-id")],
    ["without a timestamp", without("webhook-timestamp")],
    ["without a signature", without("webhook-signature")],
    ["with an empty signature", { ...right, "webhook-signature": "" }],
    ["with a short signature", { ...right, "webhook-signature": `v1,${v1.slice(3, 23)}` }],
    ["with a signature of no version", { ...right, "webhook-signature": v1.slice(3) }],
    ["with a signature repeated", { ...right, "webhook-signature": `${v1} ${v1}` }],
    ["with a header repeated", { ...right, "webhook-signature": `${v1}, ${v1}` }],
    [
      "with a malformed signature beside the valid one",
      { ...right, "webhook-signature": `${v1} v1,x` },
    ],
    ["with base64url", { ...right, "webhook-signature": v1.replace("=", "") }],
    ["with only another version", { ...right, "webhook-signature": `v2,${v1.slice(3)}` }],
    ["with nine signatures", { ...right, "webhook-signature": nine(v1) }],
    [
      "with a timestamp that is not an integer",
      { ...right, "webhook-timestamp": `${right["webhook-timestamp"]}.0` },
    ],
    [
      "with a repeated timestamp",
      { ...right, "webhook-timestamp": `${right["webhook-timestamp"]}, 1` },
    ],
    ["with a timestamp that is not ASCII", { ...right, "webhook-timestamp": "１" }],
    ["with an empty id", { ...right, "webhook-id": "" }],
  ];

  test.each(cases)("%s", async (_, headers) => {
    const rescue = { ...headers, authorization: `Bearer ${TOKEN}` };
    for (const attempt of [headers, rescue]) {
      const answer = await send({ body, headers: attempt });
      expect(answer).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
      expect(answer.text).not.toContain(VALUE);
    }
  });

  test("eight signatures in one header are accepted", async () => {
    const eight = nine(v1).split(" ").slice(1).join(" ");
    expect((await send({ body, headers: { ...right, "webhook-signature": eight } })).status).toBe(
      200,
    );
  });
});

/** Eight other signatures, then the valid one. */
function nine(right: string): string {
  const others = Array.from({ length: 8 }, (_, index) => `v1,${btoa(String(index).repeat(32))}`);
  return [...others, right].join(" ");
}

describe("tokens", () => {
  test.each(["Bearer", "bearer", "BEARER"])("the scheme %s is accepted", async (scheme) => {
    expect((await create(secretBody(), { authorization: `${scheme} ${TOKEN}` })).status).toBe(200);
  });

  test("a token in xi-api-key, as the SDKs send it, is accepted", async () => {
    const headers = { "xi-api-key": TOKEN, "content-type": "application/json" };
    expect((await send({ body: secretBody(), headers })).status).toBe(200);
  });

  test("the same token in both headers is accepted, two different ones are rejected", async () => {
    expect((await create(secretBody(), { "xi-api-key": TOKEN })).status).toBe(200);
    expect((await create(secretBody(), { "xi-api-key": LIMITED_TOKEN })).status).toBe(401);
  });

  test.each([
    `Bearer cs_${"C".repeat(43)}`,
    `Bearer ${TOKEN}, Bearer ${TOKEN}`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN}A`,
    `Basic ${TOKEN}`,
    TOKEN,
    "Bearer",
    "",
    `Bearer sha256:${"0".repeat(64)}`,
  ])("the authorization header %j is rejected", async (authorization) => {
    expect((await create(secretBody(), { authorization })).status).toBe(401);
  });
});

test("all authentication failures have the same body except the request id", async () => {
  const body = secretBody();
  const attempts: Record<string, string>[] = [
    {},
    { authorization: "Bearer x" },
    { authorization: `Bearer cs_${"C".repeat(43)}` },
    sign(body, { secret: UNKNOWN_SIGNING_SECRET }),
    { ...sign(body), "webhook-signature": "" },
  ];
  const texts = new Set<string>();
  for (const headers of attempts) {
    const { text, body: problem } = await send({ body, headers });
    texts.add(text.replace(String(problem["request_id"]), "…"));
  }
  expect(texts.size).toBe(1);
});

test("a request with a wrong signature is not sent upstream", async () => {
  const name = uniqueName();
  const body = secretBody(name);
  await send({ body, headers: sign(body, { secret: UNKNOWN_SIGNING_SECRET }) });
  expect((await lookUp(name)).posts).toBe(0);
});
