import type { Operation } from "@convai-secrets/protocol";
import { OPERATION_RULES } from "./operations/index.ts";
import type { Delivery } from "./states.ts";
import { type Attempt, isOrdered, type Step, type Terms } from "./step.ts";

/** Starts a call: what is recorded now must suffice to settle it, should this process end. */
export function startCall(
  attempt: Attempt,
  operation: Operation,
  target: Pick<Delivery, "secretId"> & {
    readonly baseline: NonNullable<Delivery["evidence"]>["baseline"];
  },
  terms: Terms,
): Step {
  const { delivery } = attempt;
  const { timeoutMs } = OPERATION_RULES[operation];
  const pending: Delivery = {
    ...delivery,
    state: "pending",
    operation,
    secretId: target.secretId,
    attempts: delivery.attempts + 1,
    evidence: {
      // The request leaves within the time limit, or never: see CallOptions.beforeLeaving.
      runningUntil: terms.now + 2 * timeoutMs + terms.settleMs,
      baseline: target.baseline,
      ordered: isOrdered(terms.content),
      uncertain: delivery.operation === operation && (delivery.evidence?.uncertain ?? false),
      undecidable: false,
    },
  };
  const calls = attempt.calls + 1;
  return { attempt: { ...attempt, delivery: pending, calls }, action: { do: "call" } };
}
