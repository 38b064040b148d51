import type { Delivered, UpstreamFailure } from "./delivered.ts";
import type { LogEntry } from "./log.ts";
import { Problem } from "./problem.ts";
import type { ProblemCode } from "./problems.ts";

/**
 * The answer to a delivery.
 *
 * @throws {Problem} for every end but a stored secret
 */
export function respond(delivered: Delivered, entry: LogEntry): Response {
  switch (delivered.kind) {
    case "stored": {
      entry.outcome = "stored";
      entry.replayed = delivered.replayed;
      const headers = delivered.replayed ? { "idempotent-replayed": "true" } : {};
      return Response.json(delivered.secret, { headers });
    }
    case "failed":
      throw describeUpstreamFailure(delivered.failure, delivered.settlesInMs);
    case "reused":
      throw new Problem("idempotency_key_reused", "This id was used with another name or value", {
        outcome: "not_created",
        retryable: false,
      });
    case "unsettled":
      throw new Problem("outcome_unsettled", "An earlier call of this id may still be running", {
        outcome: "unknown",
        retryable: true,
        retryAfterSeconds: toSeconds(delivered.settlesInMs),
      });
    case "undecidable":
      throw new Problem("outcome_unknown", UNDECIDABLE, { outcome: "unknown", retryable: false });
  }
}

const UNDECIDABLE =
  "Nobody can tell whether an earlier call of this id stored the secret; look into the workspace, then use a new id";

function describeUpstreamFailure(failure: UpstreamFailure, settlesInMs?: number): Problem {
  const [code, detail, retryable] = explain(failure);
  // Upstream may ask to wait for what waiting does not mend.
  const waitMs = settlesInMs ?? (retryable ? failure.retryAfterMs : undefined);
  return new Problem(code, detail, {
    outcome: failure.outcome,
    retryable,
    issues: failure.issues.length > 0 ? failure.issues : undefined,
    retryAfterSeconds: waitMs === undefined ? undefined : toSeconds(waitMs),
    upstreamStatus: failure.status,
    upstreamRequestId: failure.requestId,
  });
}

function explain({ code }: UpstreamFailure): [ProblemCode, detail: string, retryable: boolean] {
  switch (code) {
    case "invalid_request":
    case "rejected":
      return [
        "rejected_by_elevenlabs",
        "ElevenLabs refused the request; nothing was stored",
        false,
      ];
    case "api_key_unavailable":
      return ["misconfigured", "The API key cannot be read", true];
    case "api_key_invalid":
      return ["upstream_key_refused", "The bound API key is wrong", false];
    case "permission_missing":
      return [
        "upstream_key_refused",
        "The bound API key lacks the permission to create secrets",
        false,
      ];
    case "rate_limited":
      return ["upstream_rate_limited", "ElevenLabs asks to slow down; nothing was stored", true];
    case "timed_out":
      return ["upstream_timeout", "ElevenLabs did not answer in time", true];
    case "failed":
    case "aborted":
      return ["upstream_failed", "ElevenLabs gave no usable answer", true];
  }
}

/** `retry-after` counts whole seconds; coming too early would only be told to wait again. */
function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
