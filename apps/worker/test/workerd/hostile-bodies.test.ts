import { SecretNameSchema, SecretValueSchema } from "@convai-secrets/core";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { TOKEN } from "./fixtures.ts";
import { check, FUZZ_TIMEOUT_MS, sendAnything } from "./fuzz.ts";
import { lookUp } from "./upstream.ts";
import { uniqueName, VALUE } from "./worker.ts";

const withToken = (body: BodyInit | null) =>
  sendAnything({
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body,
  });

const PROTOTYPES = ["__proto__", "constructor", "prototype", "toString"];

/** Any text; half of the cases contain lone surrogates, NULs or the ends of the range. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        "\ud800",
        "\udfff",
        "\udc00\ud800",
        "\0",
        "\u{10ffff}",
        "\uffff",
        "\r\n",
        "x",
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("")),
);

/** A JSON value; half of the cases are a string. */
const anyValue = fc.oneof(fc.constant(VALUE), anyText, fc.jsonValue({ depthSize: "large" }));

/** The statuses that the rules allow for a body, derived with JSON.parse. */
function expectedStatuses(text: string): number[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [400];
  }
  if (typeof document !== "object" || document === null) return [422];
  const { type, name, value } = document as Record<string, unknown>;
  const isSecret =
    type === "new" &&
    v.is(SecretNameSchema, name) &&
    v.is(SecretValueSchema, value) &&
    name !== value &&
    Object.keys(document).length === 3;
  if (!isSecret) return [422];
  const isAllowed = String(name).startsWith("TEST_") || name === "EXACT";
  return isAllowed ? [200] : [403];
}

describe("random bodies", () => {
  test(
    "random bytes are answered 400 or 422",
    async () => {
      await check(1_000, fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect([400, 422]).toContain((await withToken(bytes)).status);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "a valid body with changed bytes is handled as JSON.parse reads it",
    async () => {
      const body = new TextEncoder().encode(`{"type":"new","name":"TEST_X","value":"${VALUE}"}`);
      const byte = fc.oneof(fc.constantFrom(0, 0x22, 0x2c, 0x5c, 0x7b, 0x80, 0xff), fc.nat(255));
      const change = fc.record({
        at: fc.nat(body.length),
        removed: fc.nat(2),
        added: fc.array(byte, { maxLength: 2 }),
      });
      await check(1_000, fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = changes.reduce(
          (bytes, { at, removed, added }) => [
            ...bytes.slice(0, at),
            ...added,
            ...bytes.slice(at + removed),
          ],
          [...body],
        );
        const response = await withToken(new Uint8Array(bytes));
        const text = decode(bytes);
        expect(text === undefined ? [400] : expectedStatuses(text)).toContain(response.status);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "random JSON is answered 422 without any of its values",
    async () => {
      const document = fc.dictionary(
        fc.oneof(fc.constantFrom("type", "name", "value", ...PROTOTYPES), fc.string()),
        anyValue,
      );
      await check(1_000, document, async (value) => {
        const response = await withToken(JSON.stringify(value));
        expect(response.status).toBe(422);
        expect(await response.text()).not.toContain(VALUE);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "a body with duplicate or missing members is rejected, in any order",
    async () => {
      const text = fc.constantFrom("new", "TEST_M", VALUE);
      const member = fc.oneof(
        fc.constantFrom<[string, unknown]>(["type", "new"], ["name", "TEST_M"], ["value", VALUE]),
        fc.tuple(fc.constantFrom("type", "name", "value", ...PROTOTYPES), fc.oneof(text, anyValue)),
      );
      const members = fc.oneof(
        fc.shuffledSubarray<[string, unknown]>(
          [
            ["type", "new"],
            ["name", "TEST_M"],
            ["value", VALUE],
            ["name", "TEST_N"],
          ],
          { minLength: 3 },
        ),
        fc.array(member, { maxLength: 6 }),
      );
      const seen = { accepted: 0, duplicates: 0 };
      await check(800, members, async (members) => {
        const json = `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
        const { status } = await withToken(json);
        const [expected] = expectedStatuses(json);
        const hasDuplicates = new Set(members.map(([key]) => key)).size < members.length;
        expect(status).toBe(hasDuplicates ? 400 : expected);
        if (status === 200) seen.accepted += 1;
        if (status === 400) seen.duplicates += 1;
      });
      expect(Math.min(seen.accepted, seen.duplicates)).toBeGreaterThan(25);
    },
    FUZZ_TIMEOUT_MS,
  );

  test.each([
    ["arrays", "[".repeat(32_000) + "]".repeat(32_000)],
    ["objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["a value", `{"type":"new","name":"A","value":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
    ["brackets without an end", '[{"":'.repeat(12_000)],
    ["digits", "1".repeat(60_000)],
    ["exponents", `{"type":"new","name":"A","value":1e${"9".repeat(60_000)}}`],
    ["one duplicate key", `{${'"value":"v",'.repeat(5_000)}"value":"v"}`],
    ["escapes", `{"type":"new","name":"A","value":"${"\\".repeat(60_000)}"`],
  ])("a body with %s up to the size limit is answered 400 or 422", async (_, body) => {
    expect([400, 422]).toContain((await withToken(body)).status);
  });

  test.each([
    "1e400",
    "-1e400",
    "9".repeat(400),
    "0.1e-400",
    "-0",
    "1E+2",
    "01",
    "+1",
    "NaN",
    "1n",
  ])("the number %s as value is rejected", async (number) => {
    const response = await withToken(`{"type":"new","name":"TEST_N","value":${number}}`);
    expect([400, 422]).toContain(response.status);
  });

  test(
    "names with any characters follow the name rules and never split a header",
    async () => {
      const prefix = fc.constantFrom("TEST_", "EXACT", "", "test_");
      await check(800, fc.tuple(prefix, anyText), async ([prefix, text]) => {
        const name = prefix + text;
        const response = await withToken(JSON.stringify({ type: "new", name, value: VALUE }));
        expect(response.status).toBe(
          expectedStatuses(JSON.stringify({ type: "new", name, value: VALUE }))[0],
        );
        expect([...response.headers.values()].join()).not.toMatch(/[^\x20-\x7e]/);
        if (response.status === 200) expect(await response.json()).toMatchObject({ name });
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "values with any characters arrive upstream unchanged or are rejected",
    async () => {
      await check(200, anyText, async (value) => {
        const name = uniqueName();
        const { status } = await withToken(JSON.stringify({ type: "new", name, value }));
        const isAccepted = value !== "" && value.isWellFormed();
        expect(status).toBe(isAccepted ? 200 : 422);
        const { secrets } = await lookUp(name);
        expect(secrets.map((secret) => secret.value)).toEqual(isAccepted ? [value] : []);
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});

function decode(bytes: number[]): string | undefined {
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return utf8.decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}
