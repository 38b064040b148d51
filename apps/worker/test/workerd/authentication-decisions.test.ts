import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import {
  OTHER_SIGNING_SECRET,
  SENDERS,
  SIGNING_SECRET,
  TOKEN,
  UNKNOWN_SIGNING_SECRET,
} from "./fixtures.ts";
import { check, FUZZ_TIMEOUT_MS, isHeaderValue, sendAnything } from "./fuzz.ts";

type Decision = "in" | "stale" | "out" | "malformed";

describe("the decision of authentication", () => {
  const UNKNOWN_TOKEN = `cs_${"Z".repeat(43)}`;
  const BODY = JSON.stringify({ type: "old" });

  /** The expected decision: the standardwebhooks library and our stricter rules. */
  function oracle(headers: Record<string, string>): Decision {
    const id = headers["webhook-id"];
    const timestamp = headers["webhook-timestamp"];
    const signature = headers["webhook-signature"];
    if (id === undefined && timestamp === undefined && signature === undefined) {
      return oracleOfTokens(headers["authorization"], headers["xi-api-key"]);
    }
    if (!id || !timestamp || !signature || !/^[1-9][0-9]{0,11}$/.test(timestamp)) return "out";
    const entries = signature.split(" ").filter((entry) => entry !== "");
    const isStrict =
      entries.length <= 8 &&
      entries.some((entry) => entry.startsWith("v1,")) &&
      new Set(entries).size === entries.length &&
      entries.every(
        (entry) =>
          /^v1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(entry) ||
          /^v(?!1,)[0-9]+[a-z]*,[A-Za-z0-9+/=_-]+$/.test(entry),
      );
    if (!isStrict) return "out";
    if (!/^[!-\-/-~]{1,255}$/.test(id)) return "malformed";
    const secrets = SENDERS.flatMap((sender) =>
      "signingSecrets" in sender ? (sender.signingSecrets ?? []) : [],
    );
    const verified = {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": entries.join(" "),
    };
    if (secrets.some((secret) => isVerified(secret, verified))) return "in";
    // The library checks the time first. A signature made for that time shows whether it is only stale.
    const at = new Date(Number(timestamp) * 1000);
    const isSigned = secrets.some((secret) =>
      entries.includes(new Webhook(secret).sign(id, at, BODY)),
    );
    return isSigned ? "stale" : "out";
  }

  function isVerified(secret: string, headers: Record<string, string>): boolean {
    try {
      new Webhook(secret).verify(BODY, headers);
      return true;
    } catch {
      return false;
    }
  }

  /** A token in either header, or the same token in both. */
  function oracleOfTokens(authorization?: string, apiKey?: string): "in" | "out" {
    const bearers = authorization === undefined ? [] : [authorization.replace(/^bearer +/i, "")];
    if (authorization !== undefined && !/^bearer +/i.test(authorization)) return "out";
    const tokens = new Set([...bearers, ...(apiKey === undefined ? [] : [apiKey])]);
    return tokens.size === 1 && tokens.has(TOKEN) ? "in" : "out";
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
    "for random signature headers it equals that of the standardwebhooks library with our stricter rules",
    async () => {
      const seen = { in: 0, stale: 0, out: 0, malformed: 0 };
      await check(1_500, attempt, async (attempt) => {
        const headers = makeHeaders(attempt);
        if (!Object.values(headers).every(isHeaderValue)) return;
        const decision = await decide(headers);
        expect(decision).toBe(oracle(headers));
        seen[decision] += 1;
      });
      expect(Math.min(seen.in, seen.stale, seen.out)).toBeGreaterThan(25);
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "for random token headers it accepts exactly a configured token",
    async () => {
      const token = fc.oneof(
        ...[1, 2, 3].map(() => fc.constant(TOKEN)),
        fc.constantFrom(UNKNOWN_TOKEN, TOKEN.slice(0, -1), `${TOKEN}A`, ""),
        fc.constantFrom(TOKEN.toUpperCase(), `${TOKEN}, ${TOKEN}`, `${TOKEN} `, `"${TOKEN}"`),
        fc.nat(TOKEN.length - 1).map((at) => `${TOKEN.slice(0, at)}_${TOKEN.slice(at + 1)}`),
        fc.stringMatching(/^cs_[\w-]{43}$/),
      );
      const scheme = fc.constantFrom(
        "Bearer ",
        "Bearer ",
        "bearer  ",
        "Basic ",
        "",
        "Bearer",
        "BEARER ",
      );
      const authorization = fc.tuple(scheme, token).map((parts) => parts.join("").trim());
      const headers = fc.record(
        { authorization, "xi-api-key": token.map((text) => text.trim()) },
        { requiredKeys: [] },
      );
      const seen = { in: 0, stale: 0, out: 0, malformed: 0 };
      await check(800, headers, async (tokens) => {
        const decision = await decide({ "content-type": "application/json", ...tokens });
        expect(decision).toBe(oracle(tokens));
        seen[decision] += 1;
      });
      expect(Math.min(seen.in, seen.out)).toBeGreaterThan(25);
      expect(seen.stale).toBe(0);
    },
    FUZZ_TIMEOUT_MS,
  );

  /** An authenticated request is rejected for its body, which is invalid. */
  async function decide(headers: Record<string, string>): Promise<Decision> {
    const response = await sendAnything({ method: "POST", headers, body: BODY });
    const { code } = await response.json<{ code: string }>();
    switch (code) {
      case "invalid_request":
      case "unsupported_media_type":
        return "in";
      case "stale_timestamp":
        return "stale";
      case "unauthenticated":
        return "out";
      case "invalid_idempotency_key":
        return "malformed";
      default:
        throw new Error(`No decision: ${code}`);
    }
  }

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
