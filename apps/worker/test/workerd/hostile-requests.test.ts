import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TOKEN } from "./fixtures.ts";
import { check, FUZZ_TIMEOUT_MS, isHeaderValue, sendAnything } from "./fuzz.ts";

describe("random headers, paths and methods", () => {
  const text = fc.string({ unit: "binary-ascii", maxLength: 80 }).filter(isHeaderValue);

  test(
    "random headers without a valid credential are answered 401 or 400",
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
      await check(1_000, headers, async (headers) => {
        const response = await sendAnything({ method: "POST", headers, body: "{}" });
        expect(response.status).toBe(401);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "random headers with a valid token are answered 415, 422 or 400",
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
    "random paths and methods are answered 404 or 405 unless they are a route",
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
