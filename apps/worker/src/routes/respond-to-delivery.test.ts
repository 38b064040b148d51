import { PROBLEMS, type ProblemCode } from "@convai-secrets/protocol";
import { expect, test } from "vitest";
import type { Delivered } from "../delivered.ts";
import type { LogEntry } from "../log.ts";
import { Problem } from "../problem.ts";
import { respondToDelivery } from "./respond-to-delivery.ts";

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
    return respondToDelivery(delivered, entry);
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
])("a wait of %i milliseconds is rounded up to %s seconds in retry-after", (ms, seconds) => {
  const unsettled = answer({ kind: "unsettled", settlesInMs: ms });
  expect(unsettled.headers.get("retry-after")).toBe(seconds);
  const failed = answer({ kind: "failed", failure: FAILURE, settlesInMs: ms });
  expect(failed.headers.get("retry-after")).toBe(seconds);
  const limited = { ...FAILURE, code: "rate_limited", retryAfterMs: ms } as const;
  expect(answer({ kind: "failed", failure: limited }).headers.get("retry-after")).toBe(seconds);
});

test("retry-after is the settle time, even if the upstream asks for a shorter wait", () => {
  const failure = { ...FAILURE, retryAfterMs: 1_000 };
  const response = answer({ kind: "failed", failure, settlesInMs: 60_000 });
  expect(response.headers.get("retry-after")).toBe("60");
});

/** Every outcome of a delivery that is not a success. */
test.each<[Delivered, ProblemCode]>([
  [{ kind: "reused" }, "idempotency_key_reused"],
  [{ kind: "unsettled", settlesInMs: 1 }, "outcome_unsettled"],
  [{ kind: "undecidable" }, "outcome_unknown"],
  [fail("invalid_request"), "invalid_request"],
  [fail("not_found"), "rejected_by_elevenlabs"],
  [fail("rejected"), "rejected_by_elevenlabs"],
  [fail("api_key_unavailable"), "misconfigured"],
  [fail("api_key_refused"), "upstream_key_refused"],
  [fail("refused"), "upstream_refused"],
  [fail("unreachable"), "upstream_unreachable"],
  [fail("rate_limited"), "upstream_rate_limited"],
  [fail("timed_out"), "upstream_timeout"],
  [fail("failed"), "upstream_failed"],
  [fail("aborted"), "upstream_failed"],
])("%o is answered as %s", async (delivered, code) => {
  const response = answer(delivered);
  const { status, outcome, retryable } = PROBLEMS[code];
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code, status, outcome, retryable });
});

type Failed = Extract<Delivered, { kind: "failed" }>;

function fail(code: Failed["failure"]["code"]): Failed {
  return { kind: "failed", failure: { ...FAILURE, code } };
}
