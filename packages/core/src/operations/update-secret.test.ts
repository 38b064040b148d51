import { answerJson, serveLoopback } from "@convai-secrets/testing";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { failureOf, UNKNOWABLE } from "../../test/failures.ts";
import type { RequestOptions } from "../request-options.ts";
import type { StoredSecret } from "../stored-secret.ts";
import {
  type UpdateSecretRequest,
  UpdateSecretRequestSchema,
  updateSecret,
} from "./update-secret.ts";

const SECRET: UpdateSecretRequest = { type: "update", name: "CRM_TOKEN", value: "hunter2" };
const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

describe("updateSecret", () => {
  test("sends one PATCH with the id in the path and the three fields", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    await updateSecret("sec_1", SECRET, { apiKey: "key", baseUrl: `${url}/gateway/` });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: "PATCH",
      url: "/gateway/v1/convai/secrets/sec_1",
      headers: { "xi-api-key": "key", "content-type": "application/json" },
    });
    expect(JSON.parse(received[0]?.body ?? "")).toStrictEqual(SECRET);
  });

  test("returns the stored secret", async () => {
    const { url } = await serveLoopback(answerJson({ ...STORED, value: "hunter2" }));
    const stored = await updateSecret("sec_1", SECRET, { apiKey: "key", baseUrl: url });
    expect(stored).toStrictEqual(STORED);
  });

  test.each(["", "a/b", "..", "a b", "a?b", "a\n", "x".repeat(129), undefined])(
    "rejects the id %j and sends nothing",
    async (secretId) => {
      const { url, received } = await serveLoopback(answerJson(STORED));
      const call = updateSecret(secretId as string, SECRET, { apiKey: "key", baseUrl: url });
      expect(await failureOf(call)).toMatchObject({
        code: "invalid_request",
        outcome: "not_applied",
        issues: [{ path: "secret_id" }],
      });
      expect(received).toEqual([]);
    },
  );

  test("rejects the body of a create and sends nothing", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const wrong = { ...SECRET, type: "new" } as never;
    const error = await failureOf(updateSecret("sec_1", wrong, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({
      code: "invalid_request",
      issues: [{ path: "type", rule: 'must be "update"' }],
    });
    expect(received).toEqual([]);
  });

  test("a 404 in the API's error shape is not_found", async () => {
    const { url } = await serveLoopback(
      answerJson({ detail: { status: "secret_not_found" } }, 404),
    );
    const error = await failureOf(updateSecret("sec_1", SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({
      code: "not_found",
      outcome: "not_applied",
      status: 404,
      upstreamCode: "secret_not_found",
    });
  });

  test.each([
    ["text", answerJson({ detail: "Not Found" }, 404)],
    ["HTML", answerJson("<html>", 404, { "content-type": "text/html" })],
  ])("a 404 with %s does not say that the secret is gone", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const error = await failureOf(updateSecret("sec_1", SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown", status: 404 });
  });

  test.each([
    ["another secret", { secret_id: "sec_2" }],
    ["the value within the name", { name: `CRM_TOKEN ${SECRET.value}` }],
  ])("a success with %s leaves the outcome unknown", async (_, changes) => {
    const { url } = await serveLoopback(answerJson({ ...STORED, ...changes }));
    const error = await failureOf(updateSecret("sec_1", SECRET, { apiKey: "key", baseUrl: url }));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown", status: 200 });
  });

  test.each(Object.entries(UNKNOWABLE))(
    "leaves the outcome unknown after %s, and sends one request",
    async (_, answer) => {
      const { url, received } = await serveLoopback(answer);
      const error = await failureOf(updateSecret("sec_1", SECRET, { apiKey: "key", baseUrl: url }));
      expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
      expect(received).toHaveLength(1);
    },
  );

  test("has the types of the upstream operation", () => {
    expectTypeOf(updateSecret).parameters.toEqualTypeOf<
      [string, UpdateSecretRequest, RequestOptions]
    >();
    expectTypeOf(updateSecret).returns.resolves.toEqualTypeOf<StoredSecret>();
  });
});

test("UpdateSecretRequestSchema accepts what an update sends, and nothing else", () => {
  expect(v.is(UpdateSecretRequestSchema, SECRET)).toBe(true);
  for (const change of [{ type: "new" }, { name: " a" }, { name: "hunter2" }, { extra: 1 }]) {
    expect(v.is(UpdateSecretRequestSchema, { ...SECRET, ...change })).toBe(false);
  }
});
