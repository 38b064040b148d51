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

describe("what other implementations sign, ours verifies", () => {
  test("standardwebhooks", async () => {
    const body = secretBody();
    expect((await send({ body, headers: sign(body) })).status).toBe(200);
  });

  test("svix", async () => {
    const body = secretBody();
    const headers = sign(body);
    const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
    const signature = new SvixWebhook(SIGNING_SECRET).sign(headers["webhook-id"] ?? "", at, body);
    const signed = { ...headers, "webhook-signature": signature };
    expect((await send({ body, headers: signed })).status).toBe(200);
  });

  /** Secret, id, time, payload and signature as the Standard Webhooks libraries' own tests have them. */
  test("the fixed vector of the Standard Webhooks repository", async () => {
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

describe("either side rotates without downtime", () => {
  test("the Worker takes each of two secrets configured", async () => {
    const body = secretBody();
    for (const secret of [SIGNING_SECRET, OTHER_SIGNING_SECRET]) {
      expect((await send({ body, headers: sign(body, { secret }) })).status).toBe(200);
    }
  });

  test("one right signature among several is enough, and other versions are passed over", async () => {
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
])("a timestamp %i seconds from now: %s", async (offset, code) => {
  const now = 1_700_000_000_000;
  const senders = await importSenders([{ id: "clock", signingSecrets: [SIGNING_SECRET] }]);
  const body = secretBody();
  const headers = sign(body, { at: new Date(now + offset * 1000) });
  expect(await authenticateAs(senders, headers, body, now)).toBe(code ?? "clock");
});

describe("what is not a right signature is unauthenticated, whatever else is", () => {
  const body = secretBody();
  const right = sign(body);
  const v1 = right["webhook-signature"] ?? "";
  const without = (name: string) =>
    Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
  const cases: [string, Record<string, string>][] = [
    ["by a secret nobody has", sign(body, { secret: UNKNOWN_SIGNING_SECRET })],
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
      "with something malformed beside the right one",
      { ...right, "webhook-signature": `${v1} v1,x` },
    ],
    ["with base64url", { ...right, "webhook-signature": v1.replace("=", "") }],
    ["with only another version", { ...right, "webhook-signature": `v2,${v1.slice(3)}` }],
    ["with nine signatures", { ...right, "webhook-signature": nine(v1) }],
    [
      "with a timestamp that is no integer",
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

  test("eight signatures are taken", async () => {
    const eight = nine(v1).split(" ").slice(1).join(" ");
    expect((await send({ body, headers: { ...right, "webhook-signature": eight } })).status).toBe(
      200,
    );
  });
});

/** Eight other signatures, and the right one last. */
function nine(right: string): string {
  const others = Array.from({ length: 8 }, (_, index) => `v1,${btoa(String(index).repeat(32))}`);
  return [...others, right].join(" ");
}

describe("tokens", () => {
  test.each(["Bearer", "bearer", "BEARER"])("%s", async (scheme) => {
    expect((await create(secretBody(), { authorization: `${scheme} ${TOKEN}` })).status).toBe(200);
  });

  test("in xi-api-key, where the SDKs put their key", async () => {
    const headers = { "xi-api-key": TOKEN, "content-type": "application/json" };
    expect((await send({ body: secretBody(), headers })).status).toBe(200);
  });

  test("the same in both is one; two different ones are none", async () => {
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
  ])("authorization %j is refused", async (authorization) => {
    expect((await create(secretBody(), { authorization })).status).toBe(401);
  });
});

test("all failures look alike: byte for byte, but for the request's id", async () => {
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

test("what is refused is not forwarded", async () => {
  const name = uniqueName();
  const body = secretBody(name);
  await send({ body, headers: sign(body, { secret: UNKNOWN_SIGNING_SECRET }) });
  expect((await lookUp(name)).posts).toBe(0);
});
