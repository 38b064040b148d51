import { env } from "cloudflare:workers";
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

/** Signs bytes, and whatever stands for an id or a time, as the libraries would not. */
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

describe("what is signed is the bytes as they arrive", () => {
  test("white space and all", async () => {
    const body = `\n ${secretBody()}\r\n\t`;
    expect((await send({ body, headers: sign(body) })).status).toBe(200);
    expect((await send({ body: body.trim(), headers: sign(body) })).status).toBe(401);
  });

  test("even those that are not UTF-8: the signature is right, the body is not", async () => {
    const bytes = new Uint8Array([...utf8.encode('{"type":"'), 0xff, ...utf8.encode('"}')]);
    const replaced = utf8.encode(new TextDecoder().decode(bytes));
    const right = await send({ body: bytes, headers: await signRaw(bytes) });
    expect(right.body["code"]).toBe("malformed_body");
    const wrong = await send({ body: bytes, headers: await signRaw(replaced) });
    expect(wrong.body["code"]).toBe("unauthenticated");
  });
});

describe("a timestamp", () => {
  test.each([-301, 301, -100_000, 100_000])(
    "%i seconds from now is stale, through the whole Worker",
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
    "written as %s is malformed, however well it is signed",
    async (form) => {
      const bytes = utf8.encode(secretBody());
      const headers = await signRaw(bytes, form.replace("%s", seconds()));
      expect((await send({ body: bytes, headers })).body["code"]).toBe("unauthenticated");
    },
  );
});

describe("several credentials", () => {
  const hash = async (token: string) =>
    `sha256:${new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(token))).toHex()}`;
  const identify = async (senders: object[], headers: Record<string, string>) => {
    return authenticateAs(await importSenders(senders), headers, "{}");
  };

  test("the right signature counts wherever it stands in the header", async () => {
    const senders = [{ id: "one", signingSecrets: [SIGNING_SECRET] }];
    const headers = sign("{}");
    const right = headers["webhook-signature"] ?? "";
    const wrong = sign("{}", { secret: UNKNOWN_SIGNING_SECRET })["webhook-signature"] ?? "";
    for (const list of [`${right} ${wrong}`, `${wrong} ${right}`, `v1a,AAAA ${right}`]) {
      expect(await identify(senders, { ...headers, "webhook-signature": list })).toBe("one");
    }
  });

  test("a secret or a token counts wherever it stands in the configuration", async () => {
    const [first, second] = [TOKEN, LIMITED_TOKEN];
    const senders = [
      { id: "one", signingSecrets: [SIGNING_SECRET], tokenHashes: [await hash(first)] },
      {
        id: "two",
        signingSecrets: [OTHER_SIGNING_SECRET, UNKNOWN_SIGNING_SECRET],
        tokenHashes: [await hash(second), await hash(`cs_${"D".repeat(43)}`)],
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

  test("no longer configured, they count no more", async () => {
    const senders = [{ id: "two", signingSecrets: [OTHER_SIGNING_SECRET] }];
    expect(await identify(senders, sign("{}"))).toBe("unauthenticated");
    expect(await identify(senders, { "xi-api-key": TOKEN })).toBe("unauthenticated");
  });

  test.each(["short", `cs_${"A".repeat(42)}`, `cs_${"A".repeat(42)}é`, "é"])(
    "a token of another form (%s) is refused, even should its hash be configured",
    async (token) => {
      const senders = [{ id: "one", tokenHashes: [await hash(token)] }];
      expect(await identify(senders, { "xi-api-key": token })).toBe("unauthenticated");
    },
  );

  test("a token in xi-api-key does not rescue a malformed Authorization", async () => {
    for (const authorization of ["Basic eDp5", "Bearer", `Bearer  ${TOKEN} x`]) {
      const headers = { authorization, "xi-api-key": TOKEN };
      expect((await create(secretBody(), headers)).status).toBe(401);
    }
    expect((await create(secretBody(), { "xi-api-key": `${TOKEN}, ${TOKEN}` })).status).toBe(401);
  });
});

test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
  "any one signature header, %s, has a request judged by its signature alone",
  async (name) => {
    for (const value of ["", "x", "1"]) {
      expect((await create(secretBody(), { [name]: value })).status).toBe(401);
    }
  },
);

test("a token acts for its own sender: another's patterns do not apply to it", async () => {
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

describe("whoever matches, or nobody, the same work is done: time tells nothing of the senders", () => {
  const tokens = ["A", "B", "C"].map((letter) => `cs_${letter.repeat(43)}`);
  const secrets = [SIGNING_SECRET, OTHER_SIGNING_SECRET, UNKNOWN_SIGNING_SECRET];
  const body = "{}";
  afterEach(() => vi.restoreAllMocks());

  /** How often each operation was done for this request, among senders that hold all but the last. */
  async function countWork(headers: Record<string, string>) {
    const senders = await importSenders(
      await Promise.all(
        [0, 1].map(async (index) => ({
          id: `sender-${index}`,
          signingSecrets: secrets.slice(index, index + 1),
          tokenHashes: [await hashOf(tokens[index] ?? "")],
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

  const hashOf = async (token: string) =>
    `sha256:${new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(token))).toHex()}`;

  test("signed by the first sender, by the last, by nobody, too long ago", async () => {
    const requests = [
      ...secrets.map((secret) => sign(body, { secret })),
      sign(body, { secret: SIGNING_SECRET, at: new Date(1_000_000) }),
      sign(body, { secret: UNKNOWN_SIGNING_SECRET, at: new Date(1_000_000) }),
    ];
    const counts: string[] = [];
    for (const headers of requests) counts.push(await countWork(headers));
    expect(counts).toEqual(counts.map(() => "2,0,2"));
  });

  test("with a token of the first sender, of the last, of nobody", async () => {
    const counts: string[] = [];
    for (const token of tokens) counts.push(await countWork({ "xi-api-key": token }));
    expect(counts).toEqual(counts.map(() => "0,1,2"));
  });
});

test("all failures look alike, headers included", async () => {
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
