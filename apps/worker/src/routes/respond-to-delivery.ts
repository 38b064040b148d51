import { HEADERS, type ProblemCode } from "@convai-secrets/protocol";
import type { Delivered, UpstreamFailure } from "../delivered.ts";
import type { LogEntry } from "../log.ts";
import { Problem } from "../problem.ts";

/**
 * The answer to a delivery.
 *
 * @throws {Problem} for every outcome but a stored secret
 */
export function respondToDelivery(delivered: Delivered, entry: LogEntry): Response {
  switch (delivered.kind) {
    case "stored": {
      entry.outcome = "stored";
      entry.replayed = delivered.replayed;
      const headers = delivered.replayed ? { [HEADERS.replayed]: "true" } : {};
      return Response.json(delivered.secret, { headers });
    }
    case "failed":
      throw describeUpstreamFailure(delivered.failure, delivered.settlesInMs);
    case "reused":
      throw new Problem("idempotency_key_reused", "This id was used with another name or value");
    case "unsettled":
      throw new Problem("outcome_unsettled", "An earlier call of this id may still be running", {
        retryAfterSeconds: toSeconds(delivered.settlesInMs),
      });
    case "undecidable":
      throw new Problem(
        "outcome_unknown",
        "It cannot be determined whether an earlier call stored the secret; the operator must decide",
      );
  }
}

function describeUpstreamFailure(failure: UpstreamFailure, settlesInMs?: number): Problem {
  const [code, detail] = explain(failure);
  const waitMs = settlesInMs ?? failure.retryAfterMs;
  return new Problem(code, detail, {
    issues: failure.issues.length > 0 ? failure.issues : undefined,
    retryAfterSeconds: waitMs === undefined ? undefined : toSeconds(waitMs),
    upstreamStatus: failure.status,
    upstreamRequestId: failure.requestId,
  });
}

function explain({ code }: UpstreamFailure): [ProblemCode, detail: string] {
  switch (code) {
    case "invalid_request":
      return ["invalid_request", "The request breaks a rule of ElevenLabs' schema"];
    case "rejected":
    case "not_found":
      return ["rejected_by_elevenlabs", "ElevenLabs rejected the request; nothing was stored"];
    case "api_key_unavailable":
      return ["misconfigured", "The API key cannot be read"];
    case "api_key_refused":
      return ["upstream_key_refused", "The configured API key is wrong or lacks a permission"];
    case "refused":
      return ["upstream_refused", "ElevenLabs rejected the account"];
    case "rate_limited":
      return ["upstream_rate_limited", "ElevenLabs limits the rate; nothing was stored"];
    case "unreachable":
      return ["upstream_unreachable", "ElevenLabs cannot be reached; nothing was stored"];
    case "timed_out":
      return ["upstream_timeout", "ElevenLabs did not answer in time"];
    case "failed":
    case "aborted":
      return ["upstream_failed", "ElevenLabs gave no usable answer"];
  }
}

/** `retry-after` counts whole seconds. Rounding down would make the retry too early. */
function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
