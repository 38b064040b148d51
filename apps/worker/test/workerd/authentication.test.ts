import { env } from "cloudflare:workers";
import { hashToken } from "@convai-secrets/protocol";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { authenticateAs, importSenders } from "./authenticate-as.ts";
import {
  LIMITED_TOKEN,
  OTHER_SIGNING_SECRET,
  SENDERS,
  SIGNING_SECRET,
  TOKEN,
  UNKNOWN_SIGNING_SECRET,
} from "./fixtures.ts";
import { lookUp } from "./upstream.ts";
import { type Answer, create, secretBody, send, sign, uniqueName, WEBHOOK } from "./worker.ts";

const utf8 = new TextEncoder();
const seconds = () => String(Math.floor(Date.now() / 1000));

/** Signs any bytes with any id and timestamp, which the libraries would not do. */
async function signRaw(body: Uint8Array, timestamp = seconds(), id = "msg_raw") {
  const raw = Uint8Array.fromBase64(SIGNING_SECRET.slice("whsec_".length));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  const content = new Uint8Array([...utf8.encode(`${id}.${timestamp}.`), ...body]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${mac.toBase64()}`,
  };
}

describe("the signature covers the bytes of the body", () => {
  test("white space around the JSON is part of the signed body", async () => {
    const body = `\n ${secretBody()}\r\n\t`;
    expect((await send({ body, headers: sign(body) })).status).toBe(200);
    expect((await send({ body: body.trim(), headers: sign(body) })).status).toBe(401);
  });

  test("a valid signature over bytes that are not UTF-8 is answered 400, not 401", async () => {
    const bytes = new Uint8Array([...utf8.encode('{"type":"'), 0xff, ...utf8.encode('"}')]);
    const replaced = utf8.encode(new TextDecoder().decode(bytes));
    const right = await send({ body: bytes, headers: await signRaw(bytes) });
    expect(right.body["code"]).toBe("malformed_body");
    const wrong = await send({ body: bytes, headers: await signRaw(replaced) });
    expect(wrong.body["code"]).toBe("unauthenticated");
  });
});

describe("the webhook-timestamp", () => {
  test.each([-301, 301, -100_000, 100_000])(
    "a webhook-timestamp %i seconds from now is answered stale_timestamp",
    async (offset) => {
      const name = uniqueName();
      const body = secretBody(name);
      const at = new Date(Date.now() + (offset + Math.sign(offset)) * 1000);
      const answer = await send({ body, headers: sign(body, { at }) });
      expect(answer).toMatchObject({ status: 401, body: { code: "stale_timestamp" } });
      expect((await lookUp(name)).posts).toBe(0);
    },
  );

  test.each(["%s.0", "+%s", "0%s", "%se0", "-%s", "%s000000", "0x65000000", "now"])(
    "a webhook-timestamp in the form %s is rejected, even with a valid signature",
    async (form) => {
      const bytes = utf8.encode(secretBody());
      const headers = await signRaw(bytes, form.replace("%s", seconds()));
      expect((await send({ body: bytes, headers })).body["code"]).toBe("unauthenticated");
    },
  );
});

describe("several configured credentials", () => {
  const identify = async (senders: object[], headers: Record<string, string>) => {
    return authenticateAs(await importSenders(senders), headers, "{}");
  };

  test("a valid signature is accepted at any position in the header", async () => {
    const senders = [{ id: "one", signingSecrets: [SIGNING_SECRET] }];
    const headers = sign("{}");
    const right = headers["webhook-signature"] ?? "";
    const wrong = sign("{}", { secret: UNKNOWN_SIGNING_SECRET })["webhook-signature"] ?? "";
    for (const list of [`${right} ${wrong}`, `${wrong} ${right}`, `v1a,AAAA ${right}`]) {
      expect(await identify(senders, { ...headers, "webhook-signature": list })).toBe("one");
    }
  });

  test("every configured signing secret and token is accepted", async () => {
    const [first, second] = [TOKEN, LIMITED_TOKEN];
    const senders = [
      { id: "one", signingSecrets: [SIGNING_SECRET], tokenHashes: [await hashToken(first)] },
      {
        id: "two",
        signingSecrets: [OTHER_SIGNING_SECRET, UNKNOWN_SIGNING_SECRET],
        tokenHashes: [await hashToken(second), await hashToken(`cs_${"D".repeat(43)}`)],
      },
    ];
    const expected: [string, Record<string, string>][] = [
      ["one", sign("{}", { secret: SIGNING_SECRET })],
      ["two", sign("{}", { secret: OTHER_SIGNING_SECRET })],
      ["two", sign("{}", { secret: UNKNOWN_SIGNING_SECRET })],
      ["one", { "xi-api-key": first }],
      ["two", { "xi-api-key": second }],
      ["two", { "xi-api-key": `cs_${"D".repeat(43)}` }],
    ];
    for (const [id, headers] of expected) expect(await identify(senders, headers)).toBe(id);
  });

  test("removed signing secrets and tokens are rejected", async () => {
    const senders = [{ id: "two", signingSecrets: [OTHER_SIGNING_SECRET] }];
    expect(await identify(senders, sign("{}"))).toBe("unauthenticated");
    expect(await identify(senders, { "xi-api-key": TOKEN })).toBe("unauthenticated");
  });

  test.each(["short", `cs_${"A".repeat(42)}`, `cs_${"A".repeat(42)}é`, "é"])(
    "a token in another format (%s) is rejected, even if its hash is configured",
    async (token) => {
      const senders = [{ id: "one", tokenHashes: [await hashToken(token)] }];
      expect(await identify(senders, { "xi-api-key": token })).toBe("unauthenticated");
    },
  );

  test("a malformed Authorization header is rejected, even with a valid token in xi-api-key", async () => {
    for (const authorization of ["Basic eDp5", "Bearer", `Bearer  ${TOKEN} x`]) {
      const headers = { authorization, "xi-api-key": TOKEN };
      expect((await create(secretBody(), headers)).status).toBe(401);
    }
    expect((await create(secretBody(), { "xi-api-key": `${TOKEN}, ${TOKEN}` })).status).toBe(401);
  });
});

test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
  "a request with the header %s is authenticated by its signature only",
  async (name) => {
    for (const value of ["", "x", "1"]) {
      expect((await create(secretBody(), { [name]: value })).status).toBe(401);
    }
  },
);

test("a token has the name patterns of its own sender", async () => {
  const body = secretBody(`OUTSIDE_${crypto.randomUUID()}`);
  expect((await create(body)).status).toBe(403);
  expect((await create(body, { authorization: `Bearer ${LIMITED_TOKEN}` })).status).toBe(200);
  expect(SENDERS[0]?.names).not.toContain("*");
});

test("a wrong token or a malformed signature is rejected before the body is read", async () => {
  const read = async (headers: Record<string, string>) => {
    const request = new Request(WEBHOOK, { method: "POST", headers, body: secretBody() });
    const { status } = await worker.fetch(request, env);
    expect(status).toBe(401);
    return request.bodyUsed;
  };
  expect(await read({})).toBe(false);
  expect(await read({ authorization: "Bearer short" })).toBe(false);
  expect(await read({ ...sign("{}"), "webhook-signature": "v1," })).toBe(false);
  expect(await read({ ...sign("{}"), "webhook-signature": "v2,AAAA" })).toBe(false);
  expect(await read({ authorization: `Bearer cs_${"C".repeat(43)}` })).toBe(false);
});

describe("the work of authentication does not depend on which sender matches", () => {
  const tokens = ["A", "B", "C"].map((letter) => `cs_${letter.repeat(43)}`);
  const secrets = [SIGNING_SECRET, OTHER_SIGNING_SECRET, UNKNOWN_SIGNING_SECRET];
  const body = "{}";
  afterEach(() => vi.restoreAllMocks());

  /** Counts the operations for a request, with senders that have all credentials but the last. */
  async function countWork(headers: Record<string, string>) {
    const senders = await importSenders(
      await Promise.all(
        [0, 1].map(async (index) => ({
          id: `sender-${index}`,
          signingSecrets: secrets.slice(index, index + 1),
          tokenHashes: [await hashToken(tokens[index] ?? "")],
        })),
      ),
    );
    const operations = (["sign", "digest", "timingSafeEqual"] as const).map((name) =>
      vi.spyOn(crypto.subtle, name),
    );
    await authenticateAs(senders, headers, body);
    const counts = operations.map((operation) => operation.mock.calls.length);
    vi.restoreAllMocks();
    return counts.join();
  }

  test("valid, stale and wrong signatures need the same number of cryptographic operations", async () => {
    const requests = [
      ...secrets.map((secret) => sign(body, { secret })),
      sign(body, { secret: SIGNING_SECRET, at: new Date(1_000_000) }),
      sign(body, { secret: UNKNOWN_SIGNING_SECRET, at: new Date(1_000_000) }),
    ];
    const counts: string[] = [];
    for (const headers of requests) counts.push(await countWork(headers));
    expect(counts).toEqual(counts.map(() => "2,0,2"));
  });

  test("valid and wrong tokens need the same number of cryptographic operations", async () => {
    const counts: string[] = [];
    for (const token of tokens) counts.push(await countWork({ "xi-api-key": token }));
    expect(counts).toEqual(counts.map(() => "0,1,2"));
  });
});

test("all authentication failures have the same answer, including the headers", async () => {
  const body = secretBody();
  const answers: Answer[] = [];
  for (const headers of [
    {},
    { authorization: "Basic eDp5" },
    { "xi-api-key": `cs_${"C".repeat(43)}` },
    sign(body, { secret: UNKNOWN_SIGNING_SECRET }),
    sign(body, { secret: UNKNOWN_SIGNING_SECRET, at: new Date(1_000_000) }),
    { ...sign(body), "webhook-id": "" },
    { ...sign(body), "webhook-timestamp": "1" },
    { "webhook-id": "alone", authorization: `Bearer ${TOKEN}` },
  ]) {
    answers.push(await send({ body, headers: headers as Record<string, string> }));
  }
  const forms = answers.map(({ status, headers, text, body: { request_id: id } }) =>
    JSON.stringify([status, [...headers], text]).replaceAll(String(id), "…"),
  );
  expect(new Set(forms).size).toBe(1);
});
