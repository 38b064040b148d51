import { answerJson, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { failureOf, UNKNOWABLE } from "../../test/failures.ts";
import type { RequestOptions } from "../request-options.ts";
import type { StoredSecret } from "../stored-secret.ts";
import { type CreateSecretRequest, createSecret } from "./create-secret.ts";

const SECRET: CreateSecretRequest = { type: "new", name: "CRM_TOKEN", value: "hunter2 \u{1f511}" };
const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

describe("createSecret", () => {
  test("createSecret sends one POST with the API key and the three fields", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    await createSecret(SECRET, { apiKey: "key", baseUrl: url });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: "POST",
      url: "/v1/convai/secrets",
      headers: {
        "xi-api-key": "key",
        "content-type": "application/json",
        accept: "application/json",
      },
    });
    expect(JSON.parse(received[0]?.body ?? "")).toStrictEqual(SECRET);
  });

  test("createSecret keeps the path of a base URL", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    await createSecret(SECRET, { apiKey: "key", baseUrl: `${url}/eleven/labs/` });
    expect(received.map((request) => request.url)).toEqual(["/eleven/labs/v1/convai/secrets"]);
  });

  test("createSecret returns the stored secret without fields that the API adds", async () => {
    const { url } = await serveLoopback(answerJson({ ...STORED, value: "hunter2", new_field: 1 }));
    const stored = await createSecret(SECRET, { apiKey: "key", baseUrl: url });
    expect(stored).toStrictEqual(STORED);
  });

  test.each([
    ["the value as the id", { secret_id: SECRET.value }],
    ["an id with a line break", { secret_id: "sec_1\n" }],
    ["the key as the id", { secret_id: "key" }],
    ["the value within the name", { name: `CRM_TOKEN ${SECRET.value}` }],
    ["the key as the name", { name: "key" }],
  ])("a success with %s leaves the outcome unknown", async (_, changes) => {
    const { url } = await serveLoopback(answerJson({ ...STORED, ...changes }));
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown", status: 200 });
  });

  test("an API key as the name is returned if it was sent as the name", async () => {
    const { url } = await serveLoopback(answerJson({ ...STORED, name: "key" }));
    const stored = await createSecret({ ...SECRET, name: "key" }, { apiKey: "key", baseUrl: url });
    expect(stored.name).toBe("key");
  });

  test("createSecret sends nothing if the request breaks a rule", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const wrong = { type: "new", name: "", extra: "canary" } as never;
    const error = await failureOf(createSecret(wrong, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({
      code: "invalid_request",
      outcome: "not_applied",
      issues: [
        { path: "name", rule: "must not be empty" },
        { path: "value", rule: "is required" },
        { path: "extra", rule: "is not a known field" },
      ],
    });
    expect(received).toEqual([]);
  });

  test.each(Object.entries(UNKNOWABLE))(
    "createSecret leaves the outcome unknown after %s, and sends one request",
    async (_, answer) => {
      const { url, received } = await serveLoopback(answer);
      const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
      expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
      expect(received).toHaveLength(1);
    },
  );

  test.each([
    [400, "rejected"],
    [401, "refused"],
    [403, "refused"],
    [409, "rejected"],
    [422, "rejected"],
    [429, "rate_limited"],
  ])("a %i in the API's error shape applied nothing: %s", async (status, code) => {
    const { url, received } = await serveLoopback(answerJson({ detail: { status: "x" } }, status));
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ code, outcome: "not_applied", status });
    expect(received).toHaveLength(1);
  });

  test("createSecret reads retry-after and the request id", async () => {
    const headers = { "retry-after": "3", "request-id": "req-1" };
    const { url } = await serveLoopback(
      answerJson({ detail: { status: "system_busy" } }, 429, headers),
    );
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({
      retryAfterMs: 3000,
      requestId: "req-1",
      upstreamCode: "system_busy",
    });
  });

  test("createSecret takes a request and options", () => {
    expectTypeOf(createSecret).parameters.toEqualTypeOf<[CreateSecretRequest, RequestOptions]>();
    expectTypeOf(createSecret).returns.resolves.toEqualTypeOf<StoredSecret>();
  });
});
