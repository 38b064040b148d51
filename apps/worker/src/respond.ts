import type { Delivered, UpstreamFailure } from "./delivered.js";
import { Problem, type ProblemCode } from "./problem.js";

/**
 * The answer to a delivery.
 *
 * @throws {Problem} for every end but a stored secret
 */
export function respond(delivered: Delivered): Response {
  switch (delivered.kind) {
    case "stored": {
      const headers = delivered.replayed ? { "idempotent-replayed": "true" } : {};
      return Response.json(delivered.secret, { headers });
    }
    case "failed":
      throw describeUpstreamFailure(delivered.failure);
  }
}

function describeUpstreamFailure(failure: UpstreamFailure): Problem {
  const [code, detail, retryable] = explain(failure);
  return new Problem(code, detail, {
    outcome: failure.outcome,
    retryable,
    issues: failure.issues.length > 0 ? failure.issues : undefined,
    retryAfterSeconds:
      failure.retryAfterMs === undefined ? undefined : Math.ceil(failure.retryAfterMs / 1000),
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
