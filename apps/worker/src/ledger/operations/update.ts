import type { Delivery, NameState } from "../states.ts";
import { type Attempt, answer, postpone, type Step, type Terms } from "../step.ts";
import { endUndecided } from "./create.ts";
import { loseCall, type OperationRules, recordRejection } from "./operation.ts";

/** Calls of one request: the first and its repeats. */
const MAX_CALLS = 3;

const BACKOFF_MS = 200;

/** How soon a retry may repeat the call, in milliseconds: nothing has to settle first. */
const REPEAT_MS = 1_000;

/**
 * `PATCH /v1/convai/secrets/{id}`: repeated at once if the outcome is unknown, because the repeat
 * sends the same value to the same id and no other write of the name is in flight.
 */
export const updateOperation: OperationRules = {
  result: "updated",
  timeoutMs: 5_000,

  send: (upstream, secretId, secret, options) => upstream.update(secretId ?? "", secret, options),

  manage: (name: NameState, _: Delivery, secretId: string): NameState => ({
    ...name,
    secretId,
    created: name.created.filter((id) => id !== secretId),
  }),

  fail(attempt, call, terms): Step {
    const { failure } = call;
    if (failure.code === "not_found") return recreate(attempt);
    if (failure.outcome === "unknown") {
      const endsAt = failure.handlerEnded ? 0 : terms.rules.findEnd(call, terms.settleMs);
      const lost = { ...loseCall(attempt, endsAt), failure: attempt.failure ?? failure };
      return canRepeat(lost, terms)
        ? { attempt: lost, action: { do: "wait", until: terms.now + BACKOFF_MS } }
        : postpone(lost, REPEAT_MS);
    }
    const isFinal = failure.code === "rejected" || failure.code === "invalid_request";
    if (attempt.delivery.evidence?.uncertain) {
      // An earlier call may have stored the value: this one did not, and that says nothing about it.
      const lost = loseCall(attempt, 0);
      if (isFinal) return endUndecided(lost);
      return answer(lost, { kind: "failed", failure: attempt.failure ?? failure });
    }
    if (isFinal) return answer(recordRejection(attempt), { kind: "failed", failure });
    const waiting: Delivery = { ...attempt.delivery, state: "waiting", evidence: null };
    return answer({ ...attempt, delivery: waiting }, { kind: "failed", failure });
  },
};

function canRepeat({ calls }: Attempt, { now, callUntil }: Terms): boolean {
  return calls < MAX_CALLS && now < callUntil;
}

/** The secret was deleted: forget its id, and create the secret again (invariant 5). */
function recreate(attempt: Attempt): Step {
  const { delivery, name } = attempt;
  const gone = delivery.secretId ?? "";
  return {
    attempt: {
      ...attempt,
      delivery: { ...delivery, state: "waiting", secretId: null, evidence: null },
      name: {
        ...name,
        secretId: name.secretId === gone ? null : name.secretId,
        created: name.created.filter((id) => id !== gone),
      },
      forgotten: [...attempt.forgotten, gone],
      purpose: "choose",
    },
    action: { do: "list", similar: false },
  };
}
