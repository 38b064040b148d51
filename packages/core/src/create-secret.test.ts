import { describe, expect, expectTypeOf, test } from "vitest";
import { failureOf, UNKNOWABLE } from "../test/failures.ts";
import { answerJson, serve } from "../test/loopback.ts";
import { createSecret } from "./create-secret.ts";
import type { CreateSecretRequest } from "./create-secret-request.ts";
import type { RequestOptions } from "./request-options.ts";
import type { StoredSecret } from "./stored-secret.ts";

const SECRET: CreateSecretRequest = { type: "new", name: "CRM_TOKEN", value: "hunter2 \u{1f511}" };
const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

describe("createSecret", () => {
  test("sends exactly one POST with the key and the three fields", async () => {
    const { url, received } = await serve(answerJson(STORED));
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

  test("keeps the path of a base URL", async () => {
    const { url, received } = await serve(answerJson(STORED));
    await createSecret(SECRET, { apiKey: "key", baseUrl: `${url}/eleven/labs/` });
    expect(received.map((request) => request.url)).toEqual(["/eleven/labs/v1/convai/secrets"]);
  });

  test("gives the stored secret without what the API adds", async () => {
    const { url } = await serve(answerJson({ ...STORED, value: "hunter2", new_field: 1 }));
    const stored = await createSecret(SECRET, { apiKey: "key", baseUrl: url });
    expect(stored).toStrictEqual(STORED);
  });

  test.each([
    ["its value as the id", { secret_id: SECRET.value }],
    ["its value within the id", { secret_id: `sec-${SECRET.value}-1` }],
    ["the key as the id", { secret_id: "key" }],
    ["its value within the name", { name: `CRM_TOKEN ${SECRET.value}` }],
    ["the key as the name", { name: "key" }],
  ])("gives no secret that says back %s", async (_, changes) => {
    const { url } = await serve(answerJson({ ...STORED, ...changes }));
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown", status: 200 });
  });

  test("gives a secret whose name has its value in it, as it was asked for", async () => {
    const name = `NAME_${SECRET.value}`;
    const { url } = await serve(answerJson({ ...STORED, name }));
    const stored = await createSecret({ ...SECRET, name }, { apiKey: "key", baseUrl: url });
    expect(stored.name).toBe(name);
  });

  test("sends nothing if the request breaks a rule", async () => {
    const { url, received } = await serve(answerJson(STORED));
    const wrong = { type: "new", name: "", extra: "canary" } as never;
    const error = await failureOf(createSecret(wrong, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({
      code: "invalid_request",
      outcome: "not_created",
      issues: [
        { path: "name", rule: "must not be empty" },
        { path: "value", rule: "is required" },
        { path: "extra", rule: "is not a known field" },
      ],
    });
    expect(received).toEqual([]);
  });

  test.each(Object.entries(UNKNOWABLE))(
    "leaves the outcome unknown after %s, and asks once",
    async (_, answer) => {
      const { url, received } = await serve(answer);
      const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
      expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
      expect(received).toHaveLength(1);
    },
  );

  test.each([
    [400, "rejected"],
    [401, "api_key_invalid"],
    [403, "permission_missing"],
    [409, "rejected"],
    [422, "rejected"],
    [429, "rate_limited"],
  ])("knows that nothing was created after a %i", async (status, code) => {
    const { url, received } = await serve(answerJson({ detail: { status: "x" } }, status));
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ code, outcome: "not_created", status });
    expect(received).toHaveLength(1);
  });

  test("reads retry-after and the request id from a real answer", async () => {
    const headers = { "retry-after": "3", "request-id": "req-1" };
    const { url } = await serve(answerJson({}, 429, headers));
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ retryAfterMs: 3000, requestId: "req-1" });
  });

  test("takes a request and options, and gives a stored secret", () => {
    expectTypeOf(createSecret).parameters.toEqualTypeOf<[CreateSecretRequest, RequestOptions]>();
    expectTypeOf(createSecret).returns.resolves.toEqualTypeOf<StoredSecret>();
  });
});
