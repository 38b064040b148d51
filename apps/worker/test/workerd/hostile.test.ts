import { env } from "cloudflare:workers";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import worker from "../../src/index.js";
import { assertConforms } from "../support/conforms.js";
import {
  OTHER_SIGNING_SECRET,
  SENDERS,
  SIGNING_SECRET,
  TOKEN,
  UNKNOWN_SIGNING_SECRET,
} from "./fixtures.js";
import { VALUE, WEBHOOK } from "./worker.js";

const TIMEOUT_MS = 120_000;

const UNLIMITED = { ...env, RATE_LIMITER: undefined } as unknown as Env;

/** Sends anything, and holds the answer against the document: no other status, no other member. */
async function send(init: RequestInit, url = WEBHOOK): Promise<Response> {
  const request = new Request(url, init);
  const response = await worker.fetch(request, UNLIMITED);
  await assertConforms(request.method, url, response);
  return response;
}

const withToken = (body: BodyInit | null) =>
  send({
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body,
  });

/** Checks a property of so many cases; a failure prints its seed and the smallest case. */
function check<Case>(
  cases: number,
  arbitrary: fc.Arbitrary<Case>,
  property: (value: Case) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(arbitrary, property), { numRuns: cases });
}

describe("a body that is anything at all", () => {
  test(
    "arbitrary bytes are refused as malformed or invalid",
    async () => {
      await check(2_000, fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect([400, 422]).toContain((await withToken(bytes)).status);
      });
    },
    TIMEOUT_MS,
  );

  test(
    "arbitrary JSON is refused as invalid, and none of its values is quoted",
    async () => {
      const document = fc.dictionary(
        fc.oneof(fc.constantFrom("type", "name", "value", "__proto__", "constructor"), fc.string()),
        fc.oneof(fc.constant(VALUE), fc.jsonValue({ depthSize: "large" })),
      );
      await check(2_000, document, async (value) => {
        const response = await withToken(JSON.stringify(value));
        expect(response.status).toBe(422);
        expect(await response.text()).not.toContain(VALUE);
      });
    },
    TIMEOUT_MS,
  );

  test.each([
    ["arrays", "[".repeat(32_000) + "]".repeat(32_000)],
    ["objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["a value", `{"type":"new","name":"A","value":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
    ["digits", "1".repeat(60_000)],
    ["exponents", `{"type":"new","name":"A","value":1e${"9".repeat(60_000)}}`],
  ])("%s as deep or long as they go", async (_, body) => {
    expect([400, 422]).toContain((await withToken(body)).status);
  });

  test(
    "names of any characters are judged by the policy, and never split a header or a line",
    async () => {
      const name = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
      await check(1_000, name, async (name) => {
        const response = await withToken(JSON.stringify({ type: "new", name, value: VALUE }));
        const isWellFormed = name.isWellFormed();
        const isAllowed = name.startsWith("TEST_") || name === "EXACT";
        expect(response.status).toBe(!isWellFormed ? 422 : isAllowed ? 200 : 403);
      });
    },
    TIMEOUT_MS,
  );
});

describe("headers, paths and methods that are anything at all", () => {
  const text = fc.string({ unit: "binary-ascii", maxLength: 80 }).filter(isHeaderValue);

  test(
    "never another answer than those of the document",
    async () => {
      const headers = fc.dictionary(
        fc.constantFrom(
          "authorization",
          "xi-api-key",
          "content-type",
          "idempotency-key",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature",
          "content-length",
          "transfer-encoding",
          "content-encoding",
          "expect",
          "cookie",
          "x-http-method-override",
          "forwarded",
        ),
        text,
      );
      await check(2_000, headers, async (headers) => {
        const response = await send({ method: "POST", headers, body: "{}" });
        expect(response.status).toBe(401);
      });
    },
    TIMEOUT_MS,
  );

  test(
    "with a right token, only its own statuses",
    async () => {
      const headers = fc.dictionary(
        fc.constantFrom("content-type", "idempotency-key", "content-encoding", "accept"),
        text,
      );
      await check(1_000, headers, async (headers) => {
        const response = await send({
          method: "POST",
          headers: { ...headers, "xi-api-key": TOKEN },
          body: "{}",
        });
        expect([415, 422]).toContain(response.status);
      });
    },
    TIMEOUT_MS,
  );

  test(
    "paths and methods that are not routes: 404 or 405",
    async () => {
      const path = fc.array(
        fc.constantFrom(
          "v1",
          "convai",
          "secrets",
          "deliveries",
          "..",
          ".",
          "",
          "%2e%2e",
          "%2F",
          "healthz",
          "//",
          "?",
          "#",
          ";",
        ),
        { maxLength: 6 },
      );
      const method = fc.constantFrom("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "POST");
      await check(1_000, fc.tuple(method, path), async ([method, parts]) => {
        const url = `https://worker.test/${parts.join("/")}`;
        const response = await send({ method }, url);
        expect([200, 401, 404, 405]).toContain(response.status);
        if (response.status === 200) expect(["/healthz"]).toContain(new URL(url).pathname);
      });
    },
    TIMEOUT_MS,
  );
});

describe("who is let in", () => {
  const BODY = JSON.stringify({ type: "old" });

  /** What the contract says of these headers, on the standardwebhooks library and its strict rules. */
  function oracle(headers: Record<string, string>): "in" | "out" {
    const id = headers["webhook-id"];
    const timestamp = headers["webhook-timestamp"];
    const signature = headers["webhook-signature"];
    if (id === undefined && timestamp === undefined && signature === undefined) {
      return headers["authorization"] === `Bearer ${TOKEN}` ? "in" : "out";
    }
    if (!id || !timestamp || !signature || !/^[1-9][0-9]{0,11}$/.test(timestamp)) return "out";
    const entries = signature.split(" ");
    const isStrict =
      entries.length <= 8 &&
      new Set(entries).size === entries.length &&
      entries.every(
        (entry) =>
          /^v1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(entry) ||
          /^v(?!1,)[0-9]+[a-z]*,[A-Za-z0-9+/=_-]+$/.test(entry),
      );
    if (!isStrict) return "out";
    const isSigned = SENDERS.flatMap(({ signingSecrets = [] }) => signingSecrets).some((secret) => {
      try {
        new Webhook(secret).verify(BODY, {
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": signature,
        });
        return true;
      } catch {
        return false;
      }
    });
    return isSigned ? "in" : "out";
  }

  const seconds = fc.oneof(
    fc.constant(0),
    fc.constantFrom(-290, 290, -310, 310),
    fc.integer({ min: -1e9, max: 1e9 }),
  );
  const secret = fc.constantFrom(SIGNING_SECRET, OTHER_SIGNING_SECRET, UNKNOWN_SIGNING_SECRET);
  const id = fc.oneof(
    fc.constantFrom("msg_1", "a", "x".repeat(255)),
    fc.stringMatching(/^[!-\-/-~]{1,40}$/),
  );
  const noise = fc.constantFrom(
    "v1",
    "v1,",
    "v1,AAAA",
    "v1a,AAAA",
    "v2,AAAA",
    "",
    " ",
    `v1,${"A".repeat(43)}=`,
    "V1,AAAA",
    "v1,=",
    "v1;x",
  );
  const mutation = fc.constantFrom(
    "none",
    "none",
    "none",
    "drop",
    "flip",
    "repeat",
    "space",
    "case",
    "empty",
    "token",
  );
  const attempt = fc.record({
    seconds,
    secrets: fc.array(secret, { minLength: 1, maxLength: 5 }),
    id,
    noise: fc.array(noise, { maxLength: 5 }),
    noisy: fc.boolean(),
    mutation,
    at: fc.nat(1_000),
    other: fc.boolean(),
  });

  test(
    "is decided as by the standardwebhooks library and the contract's strict rules",
    async () => {
      const seen = { in: 0, out: 0 };
      await check(3_000, attempt, async (attempt) => {
        const headers = makeHeaders(attempt);
        if (!Object.values(headers).every(isHeaderValue)) return;
        const response = await send({ method: "POST", headers, body: BODY });
        const { code } = await response.json<{ code: string }>();
        // Who is in gets as far as the body, which is invalid; or the content type.
        const decision = ["unauthenticated", "stale_timestamp"].includes(code) ? "out" : "in";
        expect(decision).toBe(oracle(headers));
        seen[decision] += 1;
      });
      expect(Math.min(seen.in, seen.out)).toBeGreaterThan(200);
    },
    TIMEOUT_MS,
  );

  function makeHeaders(attempt: Attempt): Record<string, string> {
    const at = new Date(Date.now() + attempt.seconds * 1000);
    const signed = attempt.secrets.map((secret) =>
      new Webhook(secret).sign(attempt.id, at, attempt.other ? `${BODY} ` : BODY),
    );
    const entries = attempt.noisy ? [...signed, ...attempt.noise] : [...new Set(signed)];
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "webhook-id": attempt.id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": entries.join(" "),
    };
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    const name = names[attempt.at % 3] ?? "";
    const value = headers[name] ?? "";
    const index = attempt.at % Math.max(value.length, 1);
    switch (attempt.mutation) {
      case "drop":
        delete headers[name];
        break;
      case "flip":
        headers[name] =
          `${value.slice(0, index)}${value[index] === "A" ? "B" : "A"}${value.slice(index + 1)}`;
        break;
      case "repeat":
        headers[name] = `${value}, ${value}`;
        break;
      case "space":
        headers[name] = `${value.slice(0, index)} ${value.slice(index)}`;
        break;
      case "case":
        headers[name] = value.toUpperCase();
        break;
      case "empty":
        headers[name] = "";
        break;
      case "token":
        for (const each of names) if (attempt.other || each !== name) delete headers[each];
        headers["authorization"] = `Bearer ${TOKEN}`;
        break;
    }
    // What leads and trails is not part of a header's value (RFC 9110, section 5.5).
    return Object.fromEntries(Object.entries(headers).map(([key, text]) => [key, text.trim()]));
  }
  type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never;
});

function isHeaderValue(text: string): boolean {
  try {
    new Headers({ x: text });
    return /^[\x20-\x7e]*$/.test(text);
  } catch {
    return false;
  }
}
