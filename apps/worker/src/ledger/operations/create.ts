import type { UpstreamFailure } from "../delivery-outcome.ts";
import type { Delivery, NameState } from "../states.ts";
import { answer, type Step } from "../step.ts";
import { RELIST_MS } from "../timing.ts";
import type { OperationRules } from "./operation.ts";
import { loseCall, recordRejection } from "./operation.ts";

/** How many secrets of one name the ledger remembers as made by `existing: create`. */
const MAX_CREATED = 32;

/** `POST /v1/convai/secrets`: never repeated before a listing shows that nothing was stored. */
export const createOperation: OperationRules = {
  result: "created",
  timeoutMs: 8_000,

  send: (upstream, _, secret, options) => upstream.create(secret, options),

  manage(name: NameState, { evidence }: Delivery, secretId: string): NameState {
    // A name that has a secret keeps it: what the operator attributes later is another secret.
    if (evidence?.ordered && name.secretId === null) return { ...name, secretId };
    const created = [...name.created, secretId].slice(-MAX_CREATED);
    return { ...name, created };
  },

  fail(attempt, call, terms): Step {
    const { delivery } = attempt;
    const { failure } = call;
    const isConflict = failure.code === "rejected" && failure.status === 409;
    if (failure.outcome === "unknown") {
      const lost = loseCall(attempt, terms.rules.findEnd(call, terms.settleMs));
      return settleOrEnd({ ...lost, failure: attempt.failure ?? failure }, terms.reconcile);
    }
    const isExplained = (delivery.evidence?.baseline?.ids.length ?? 0) > 0;
    if (isConflict && delivery.evidence?.uncertain && !isExplained) {
      // What has the name now can be what an earlier call of this delivery created.
      const lost = loseCall(attempt, call.endedAt + RELIST_MS);
      const unknown: UpstreamFailure = { ...failure, code: "failed", outcome: "unknown" };
      return settleOrEnd({ ...lost, failure: attempt.failure ?? unknown }, terms.reconcile);
    }
    if (isConflict && terms.content.existing === "reject") {
      return answer(recordRejection(attempt), { kind: "rejected", code: "name_taken" });
    }
    if (isConflict && terms.content.existing !== "create" && !attempt.conflicted) {
      // The listing before the call missed the secret: choose again.
      const waiting: Delivery = { ...delivery, state: "waiting", evidence: null };
      const again = { ...attempt, delivery: waiting, conflicted: true };
      return { attempt: { ...again, purpose: "choose" }, action: { do: "list", similar: false } };
    }
    if (failure.code === "rejected" || failure.code === "invalid_request") {
      return answer(recordRejection(attempt), { kind: "failed", failure });
    }
    const waiting: Delivery = { ...delivery, state: "waiting", evidence: null };
    return answer({ ...attempt, delivery: waiting }, { kind: "failed", failure });
  },
};

function settleOrEnd(attempt: Step["attempt"], reconcile: boolean): Step {
  if (reconcile) {
    return { attempt: { ...attempt, purpose: "settle" }, action: { do: "list", similar: true } };
  }
  return endUndecided(attempt);
}

/** Leaves the delivery to the operator. The name is free for other deliveries. */
export function endUndecided(attempt: Step["attempt"]): Step {
  const { delivery, name } = attempt;
  if (delivery.evidence === null)
    throw new TypeError("Only a delivery with a call can be undecided");
  const evidence = { ...delivery.evidence, undecidable: true };
  return answer(
    {
      ...attempt,
      delivery: { ...delivery, state: "unknown", evidence },
      name: { ...name, unsettled: null },
    },
    { kind: "rejected", code: "outcome_unknown" },
  );
}
