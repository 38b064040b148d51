import { type DryRun, HEADERS, type ProblemCode } from "@convai-secrets/protocol";
import type {
  DeliveryOutcome,
  LedgerProblemCode,
  UpstreamFailure,
} from "../ledger/delivery-outcome.ts";
import type { LogEntry } from "../log.ts";
import { Problem } from "../problem.ts";

type StoredOutcome = Extract<DeliveryOutcome, { kind: "stored" }>;
type DryRunOutcome = Extract<DeliveryOutcome, { kind: "dry_run" }>;

/**
 * The answer to a delivery.
 *
 * @throws {Problem} for every outcome but a stored secret and a dry run
 */
export function respondToDelivery(outcome: DeliveryOutcome, entry: LogEntry): Response {
  switch (outcome.kind) {
    case "stored":
      return respondStored(outcome, entry);
    case "dry_run":
      return respondDryRun(outcome, entry);
    case "rejected":
      throw new Problem(outcome.code, REJECTIONS[outcome.code], {
        retryAfterSeconds: outcome.code === "sender_paused" ? PAUSED_RETRY_SECONDS : undefined,
      });
    case "unsettled":
      throw new Problem(
        "outcome_unsettled",
        "An earlier call for this delivery or name may still be running",
        { retryAfterSeconds: toSeconds(outcome.settlesInMs) },
      );
    case "failed":
      throw describeFailure(outcome.failure, outcome.settlesInMs);
  }
}

/** When a paused sender can retry: a person has to resume it. */
const PAUSED_RETRY_SECONDS = 60;

const REJECTIONS: Readonly<Record<LedgerProblemCode, string>> = {
  idempotency_key_reused: "This delivery id was used with other content",
  name_taken: "A secret with this name exists, and the policy is reject",
  name_not_managed: "A secret with this name exists, and this Worker did not create it",
  name_ambiguous: "Several secrets have this name, and the operator must choose one",
  superseded: "A newer delivery of this name has started",
  secret_not_found: "This sender may not update a secret with this id and name",
  outcome_unknown: "It cannot be determined what an earlier call stored; the operator must decide",
  sender_paused: "The operator has paused this sender",
  misconfigured: "The ledger belongs to another host",
};

/** The answer to a PATCH of a secret that the sender may not update, whatever the reason. */
export function secretNotFound(): Problem {
  return new Problem("secret_not_found", REJECTIONS.secret_not_found);
}

function respondStored({ secret, result, replayed }: StoredOutcome, entry: LogEntry): Response {
  entry.outcome = "stored";
  entry.result = replayed ? "replayed" : result;
  return Response.json(secret, {
    headers: { [HEADERS.result]: entry.result, ...(replayed && { [HEADERS.replayed]: "true" }) },
  });
}

function respondDryRun({ would, secretId }: DryRunOutcome, entry: LogEntry): Response {
  entry.outcome = "dry_run";
  const body: DryRun = { type: "dry_run", would, secret_id: secretId };
  return Response.json(body);
}

function describeFailure(failure: UpstreamFailure, settlesInMs?: number): Problem {
  const [code, detail] = explain(failure);
  const waitMs = settlesInMs ?? failure.retryAfterMs;
  return new Problem(code, detail, {
    issues: failure.issues.length > 0 ? failure.issues : undefined,
    retryAfterSeconds: waitMs === undefined ? undefined : toSeconds(waitMs),
    upstreamStatus: failure.status,
    upstreamCode: failure.upstreamCode,
    upstreamRequestId: failure.requestId,
  });
}

function explain({ code, outcome }: UpstreamFailure): [ProblemCode, detail: string] {
  switch (code) {
    case "invalid_request":
      return ["invalid_request", "The request breaks a rule of ElevenLabs' schema"];
    case "rejected":
    case "not_found":
      return ["rejected_by_elevenlabs", "ElevenLabs rejected the request"];
    case "api_key_unavailable":
      return ["misconfigured", "The API key cannot be read"];
    case "api_key_refused":
      return ["upstream_key_refused", "The API key is wrong or lacks a permission"];
    case "refused":
      return ["upstream_refused", "ElevenLabs rejected the account; see upstream_code"];
    case "rate_limited":
      return ["upstream_rate_limited", "ElevenLabs limits the rate of requests"];
    case "unreachable":
      return UNREACHABLE;
    case "timed_out":
    case "failed":
    case "aborted":
      // A listing failed, and the write that would have followed was not sent.
      if (outcome === "not_applied") return UNREACHABLE;
      return code === "timed_out"
        ? ["upstream_timeout", "ElevenLabs did not answer in time"]
        : ["upstream_failed", "ElevenLabs sent no usable answer"];
  }
}

const UNREACHABLE: [ProblemCode, string] = [
  "upstream_unreachable",
  "ElevenLabs could not be reached, or the listing before the call failed; nothing was stored",
];

/** `retry-after` counts whole seconds. Rounding down would make the retry too early. */
function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
