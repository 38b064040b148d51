import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type FailedOutcome,
  SecretsApiError,
  type SecretsApiErrorCode,
} from "./secrets-api-error.ts";

describe("SecretsApiError", () => {
  test("is an Error with a fixed message per code and no cause", () => {
    const error = new SecretsApiError("timed_out", { outcome: "unknown" });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("SecretsApiError: ElevenLabs did not answer in time");
    expect("cause" in error).toBe(false);
  });

  test("is logged as what it knows", () => {
    const details = {
      outcome: "not_created",
      status: 422,
      retryAfterMs: 1000,
      requestId: "req-1",
      issues: [{ path: "name", rule: "is required" }],
    } as const;
    const error = new SecretsApiError("rejected", details);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "SecretsApiError",
      code: "rejected",
      ...details,
    });
  });

  test("has literal types to switch on", () => {
    expectTypeOf<SecretsApiError["code"]>().toEqualTypeOf<SecretsApiErrorCode>();
    expectTypeOf<SecretsApiError["outcome"]>().toEqualTypeOf<FailedOutcome>();
    expectTypeOf<FailedOutcome>().toEqualTypeOf<"not_created" | "unknown">();
  });
});
