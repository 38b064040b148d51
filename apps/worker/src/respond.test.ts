import { expect, test } from "vitest";
import type { Delivered } from "./delivered.ts";
import type { LogEntry } from "./log.ts";
import { Problem } from "./problem.ts";
import { respond } from "./respond.ts";

const SECRET = { type: "stored", secret_id: "s1", name: "A" } as const;
const FAILURE = {
  code: "failed",
  outcome: "unknown",
  status: 502,
  retryAfterMs: undefined,
  requestId: undefined,
  issues: [],
} as const;

function answer(delivered: Delivered) {
  const entry: LogEntry = { event: "delivery", request_id: "id" };
  try {
    return respond(delivered, entry);
  } catch (problem) {
    if (problem instanceof Problem) return problem.toResponse("id");
    throw problem;
  }
}

test.each([
  [false, null],
  [true, "true"],
])("a stored secret, replayed: %s", async (replayed, header) => {
  const response = answer({ kind: "stored", secret: SECRET, replayed });
  expect(response.headers.get("idempotent-replayed")).toBe(header);
  expect(await response.json()).toEqual(SECRET);
});

test.each([
  [0, "0"],
  [1, "1"],
  [1_000, "1"],
  [1_001, "2"],
])("%i milliseconds to wait are told in whole seconds, never too few: %s", (ms, seconds) => {
  const unsettled = answer({ kind: "unsettled", settlesInMs: ms });
  expect(unsettled.headers.get("retry-after")).toBe(seconds);
  const failed = answer({ kind: "failed", failure: FAILURE, settlesInMs: ms });
  expect(failed.headers.get("retry-after")).toBe(seconds);
  const limited = { ...FAILURE, code: "rate_limited", retryAfterMs: ms } as const;
  expect(answer({ kind: "failed", failure: limited }).headers.get("retry-after")).toBe(seconds);
});

test("until it is settled counts for more than what upstream asks to wait", () => {
  const failure = { ...FAILURE, retryAfterMs: 1_000 };
  const response = answer({ kind: "failed", failure, settlesInMs: 60_000 });
  expect(response.headers.get("retry-after")).toBe("60");
});

/** Every way a delivery can end, and whether its sender may come again with the same id. */
test.each<[Delivered, string, number, string, boolean]>([
  [{ kind: "reused" }, "idempotency_key_reused", 422, "not_created", false],
  [{ kind: "unsettled", settlesInMs: 1 }, "outcome_unsettled", 503, "unknown", true],
  [{ kind: "undecidable" }, "outcome_unknown", 409, "unknown", false],
  [fail("invalid_request", "not_created"), "rejected_by_elevenlabs", 422, "not_created", false],
  [fail("rejected", "not_created"), "rejected_by_elevenlabs", 422, "not_created", false],
  [fail("api_key_unavailable", "not_created"), "misconfigured", 503, "not_created", true],
  [fail("api_key_invalid", "not_created"), "upstream_key_refused", 502, "not_created", false],
  [fail("permission_missing", "not_created"), "upstream_key_refused", 502, "not_created", false],
  [fail("rate_limited", "not_created"), "upstream_rate_limited", 429, "not_created", true],
  [fail("timed_out", "unknown"), "upstream_timeout", 504, "unknown", true],
  [fail("failed", "unknown"), "upstream_failed", 502, "unknown", true],
  [fail("aborted", "unknown"), "upstream_failed", 502, "unknown", true],
])("%o: %s", async (delivered, code, status, outcome, retryable) => {
  const response = answer(delivered);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code, status, outcome, retryable });
});

type Failed = Extract<Delivered, { kind: "failed" }>;

function fail(code: Failed["failure"]["code"], outcome: "unknown" | "not_created"): Failed {
  return { kind: "failed", failure: { ...FAILURE, code, outcome } };
}
