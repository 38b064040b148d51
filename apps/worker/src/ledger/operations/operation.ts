import type { UpstreamFailure } from "../delivery-outcome.ts";
import type { EndedCall } from "../rules.ts";
import type { Delivery, NameState } from "../states.ts";
import type { Attempt, Step, Terms } from "../step.ts";
import type { CallEnd, CallOptions, SecretContent, Upstream } from "../upstream.ts";

/** A call that ended with a failure. */
export interface FailedCall extends EndedCall {
  readonly failure: UpstreamFailure;
}

/** What one operation of the upstream needs. A new operation is a new file beside the others. */
export interface OperationRules {
  /** The value of the header `convai-secrets-result`. */
  readonly result: "created" | "updated";
  /** The longest that one call may take, in milliseconds: two calls and listings fit a request. */
  readonly timeoutMs: number;
  send(
    upstream: Upstream,
    secretId: string | null,
    secret: SecretContent,
    options: CallOptions,
  ): Promise<CallEnd>;
  /** The name after the delivery has stored its value in a secret. */
  manage(name: NameState, delivery: Delivery, secretId: string): NameState;
  /** What follows after a call that failed. */
  fail(attempt: Attempt, call: FailedCall, terms: Terms): Step;
}

/**
 * Records that the outcome of the last call is unknown. Until `runningUntil` the call can still be
 * running, so no other value of the name is sent.
 */
export function loseCall<Lost extends Pick<Attempt, "delivery" | "name">>(
  attempt: Lost,
  runningUntil: number,
): Lost {
  const { delivery, name } = attempt;
  if (delivery.evidence === null) throw new TypeError("Only a delivery with a call can lose it");
  const evidence = { ...delivery.evidence, runningUntil, uncertain: true };
  const { senderId, id } = delivery;
  return {
    ...attempt,
    delivery: { ...delivery, state: "unknown", evidence },
    name: {
      ...advance(name, delivery),
      runningUntil: Math.max(name.runningUntil, runningUntil),
      runningFingerprint:
        runningUntil > name.runningUntil ? delivery.fingerprint : name.runningFingerprint,
      unsettled: delivery.operation === "create" ? { senderId, id } : name.unsettled,
    },
  };
}

/** The order of the name after a delivery has started and was not rejected. */
export function advance(name: NameState, { position, evidence }: Delivery): NameState {
  if (!evidence?.ordered || position <= name.position) return name;
  return { ...name, position, positionBefore: name.position };
}

/** A rejected delivery changes nothing: the order is as before it started (invariant 6). */
export function recordRejection(attempt: Attempt): Attempt {
  const { delivery, name } = attempt;
  const isNewest = name.position === delivery.position;
  return {
    ...attempt,
    delivery: { ...delivery, state: "rejected", secretId: null, evidence: null },
    name: isNewest ? { ...name, position: name.positionBefore } : name,
  };
}
