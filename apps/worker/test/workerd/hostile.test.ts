import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TOKEN } from "./fixtures.js";
import { check, FUZZ_TIMEOUT_MS, isHeaderValue, sendAnything } from "./fuzz.js";
import { VALUE } from "./worker.js";

const withToken = (body: BodyInit | null) =>
  sendAnything({
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body,
  });

describe("a body that is anything at all", () => {
  test(
    "arbitrary bytes are refused as malformed or invalid",
    async () => {
      await check(2_000, fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect([400, 422]).toContain((await withToken(bytes)).status);
      });
    },
    FUZZ_TIMEOUT_MS,
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
    FUZZ_TIMEOUT_MS,
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
    FUZZ_TIMEOUT_MS,
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
        const response = await sendAnything({ method: "POST", headers, body: "{}" });
        expect(response.status).toBe(401);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "with a right token, only its own statuses",
    async () => {
      const headers = fc.dictionary(
        fc.constantFrom("content-type", "idempotency-key", "content-encoding", "accept"),
        text,
      );
      await check(1_000, headers, async (headers) => {
        const response = await sendAnything({
          method: "POST",
          headers: { ...headers, "xi-api-key": TOKEN },
          body: "{}",
        });
        expect([415, 422]).toContain(response.status);
      });
    },
    FUZZ_TIMEOUT_MS,
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
        const response = await sendAnything({ method }, url);
        expect([200, 401, 404, 405]).toContain(response.status);
        if (response.status === 200) expect(["/healthz"]).toContain(new URL(url).pathname);
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});
