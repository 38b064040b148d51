import {
  SecretsApiError,
  type SecretsApiErrorCode,
  type SecretsApiErrorDetails,
} from "@convai-secrets/core";
import { PROBLEMS, type ProblemCode } from "@convai-secrets/protocol";
import { expect, test } from "vitest";
import type { DeliveryOutcome, LedgerProblemCode } from "../ledger/delivery-outcome.ts";
import { describeFailure } from "../ledger/upstream-failure.ts";
import type { LogEntry } from "../log.ts";
import { Problem } from "../problem.ts";
import { respondToDelivery } from "./respond-to-delivery.ts";

const SECRET = { type: "stored", secret_id: "s1", name: "A" } as const;

type Failed = Extract<DeliveryOutcome, { kind: "failed" }>;

function fail(code: SecretsApiErrorCode, details: Partial<SecretsApiErrorDetails> = {}): Failed {
  const error = new SecretsApiError(code, { outcome: "unknown", status: 502, ...details });
  return { kind: "failed", failure: describeFailure(error) };
}

function answer(outcome: DeliveryOutcome) {
  const entry: LogEntry = { event: "delivery", request_id: "id" };
  try {
    return respondToDelivery(outcome, entry);
  } catch (problem) {
    if (problem instanceof Problem) return problem.toResponse("id");
    throw problem;
  }
}

test.each([
  ["created", false, "created", null],
  ["updated", false, "updated", null],
  ["updated", true, "replayed", "true"],
] as const)(
  "a secret that is %s, replayed: %s, has the result %s",
  async (result, replayed, ...expected) => {
    const response = answer({ kind: "stored", secret: SECRET, result, replayed });
    const headers = ["convai-secrets-result", "idempotent-replayed"];
    expect(headers.map((name) => response.headers.get(name))).toEqual(expected);
    expect(await response.json()).toEqual(SECRET);
  },
);

test.each([
  [{ would: "create" }, { would: "create" }],
  [
    { would: "update", secretId: "s1" },
    { would: "update", secret_id: "s1" },
  ],
] as const)(
  "a dry run that would %o is answered with that and has no result",
  async (found, body) => {
    const response = answer({ kind: "dry_run", ...found });
    expect(response.headers.get("convai-secrets-result")).toBeNull();
    expect(await response.json()).toEqual({ type: "dry_run", ...body });
  },
);

test.each([
  [0, "0"],
  [1, "1"],
  [1_000, "1"],
  [1_001, "2"],
])("a wait of %i milliseconds is rounded up to %s seconds in retry-after", (ms, seconds) => {
  const unsettled = answer({ kind: "unsettled", settlesInMs: ms });
  expect(unsettled.headers.get("retry-after")).toBe(seconds);
  const failed = answer({ ...fail("failed"), settlesInMs: ms });
  expect(failed.headers.get("retry-after")).toBe(seconds);
  const limited = answer(fail("rate_limited", { retryAfterMs: ms }));
  expect(limited.headers.get("retry-after")).toBe(seconds);
});

test("retry-after is the settle time, even if the upstream asks for a shorter wait", () => {
  const response = answer({ ...fail("failed", { retryAfterMs: 1_000 }), settlesInMs: 60_000 });
  expect(response.headers.get("retry-after")).toBe("60");
});

test("a problem that is not retryable has no retry-after, whatever the upstream asks for", () => {
  const response = answer(fail("refused", { retryAfterMs: 1_000 }));
  expect(response.headers.get("retry-after")).toBeNull();
});

test("what the upstream says of its failure is in the problem", async () => {
  const issues = Array.from({ length: 30 }, (_, index) => ({
    path: String(index),
    rule: "is bad",
  }));
  const details = { issues, upstreamCode: "quota_exceeded", requestId: "req-1" };
  const body = await answer(fail("refused", details)).json<{ errors: object[] }>();
  expect(body).toMatchObject({ upstream_code: "quota_exceeded", upstream_request_id: "req-1" });
  expect(body.errors).toHaveLength(20);
});

const LEDGER_CODES: readonly LedgerProblemCode[] = [
  "idempotency_key_reused",
  "name_taken",
  "name_not_managed",
  "name_ambiguous",
  "superseded",
  "secret_not_found",
  "outcome_unknown",
  "sender_paused",
  "misconfigured",
];

test.each<[DeliveryOutcome, ProblemCode]>([
  ...LEDGER_CODES.map(
    (code) => [{ kind: "rejected", code }, code] as [DeliveryOutcome, ProblemCode],
  ),
  [{ kind: "unsettled", settlesInMs: 1 }, "outcome_unsettled"],
  [fail("invalid_request"), "invalid_request"],
  [fail("not_found"), "rejected_by_elevenlabs"],
  [fail("rejected"), "rejected_by_elevenlabs"],
  [fail("api_key_unavailable"), "misconfigured"],
  [fail("api_key_refused"), "upstream_key_refused"],
  [fail("refused"), "upstream_refused"],
  [fail("rate_limited"), "upstream_rate_limited"],
  [fail("unreachable"), "upstream_unreachable"],
  [fail("failed", { outcome: "not_applied" }), "upstream_unreachable"],
  [fail("timed_out", { outcome: "not_applied" }), "upstream_unreachable"],
  [fail("timed_out"), "upstream_timeout"],
  [fail("failed"), "upstream_failed"],
  [fail("aborted"), "upstream_failed"],
])("%j is answered as %s", async (outcome, code) => {
  const response = answer(outcome);
  const { status, outcome: effect, retryable } = PROBLEMS[code];
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code, status, outcome: effect, retryable });
});
