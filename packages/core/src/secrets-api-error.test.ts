import { describe, expect, expectTypeOf, test } from "vitest";
import type { Outcome } from "./outcome.ts";
import { SecretsApiError, type SecretsApiErrorCode } from "./secrets-api-error.ts";

describe("SecretsApiError", () => {
  test("a SecretsApiError has a fixed message per code and no cause", () => {
    const error = new SecretsApiError("timed_out", { outcome: "unknown" });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("SecretsApiError: ElevenLabs did not respond in time");
    expect("cause" in error).toBe(false);
  });

  test("JSON.stringify of a SecretsApiError shows its fields", () => {
    const details = {
      outcome: "not_applied",
      status: 422,
      retryAfterMs: 1000,
      requestId: "req-1",
      upstreamCode: "string_too_long",
      handlerEnded: false,
      issues: [{ path: "name", rule: "is required" }],
    } as const;
    const error = new SecretsApiError("rejected", details);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "SecretsApiError",
      code: "rejected",
      ...details,
    });
  });

  test("codes and outcomes are literal types", () => {
    expectTypeOf<SecretsApiError["code"]>().toEqualTypeOf<SecretsApiErrorCode>();
    expectTypeOf<SecretsApiError["outcome"]>().toEqualTypeOf<Outcome>();
    expectTypeOf<Outcome>().toEqualTypeOf<"not_applied" | "unknown">();
  });
});
