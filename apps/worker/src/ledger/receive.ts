import type { DeliveryContent } from "./delivery-outcome.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { OPERATION_RULES } from "./operations/index.ts";
import type { Delivery, DeliveryKey } from "./states.ts";
import { type Attempt, answer, type Step } from "./step.ts";

/**
 * Whether an id comes with the content it came with before. If the key of the earlier fingerprint
 * has been removed, only the names can be compared.
 */
export function isSameContent(
  row: Delivery,
  name: string,
  fingerprints: readonly Fingerprint[],
): boolean {
  if (row.name !== name) return false;
  const comparable = fingerprints.find(({ keyId }) => keyId === row.keyId);
  return comparable === undefined || comparable.digest === row.fingerprint;
}

/** The delivery of a request: the recorded one, or a new one. A rejected one is attempted afresh. */
export function receive(
  { senderId, id, content }: DeliveryKey & { readonly content: DeliveryContent },
  row: Delivery | undefined,
  { keyId, digest }: Fingerprint,
  position: number,
  now: number,
): Delivery {
  if (row !== undefined && row.state !== "rejected") return { ...row, keyId, fingerprint: digest };
  return {
    senderId,
    id,
    name: content.name,
    keyId,
    fingerprint: digest,
    operation: content.operation,
    state: "new",
    secretId: null,
    secretName: null,
    position,
    seenAt: now,
    attempts: 0,
    evidence: null,
  };
}

/** Answers with the secret that the delivery is stored in. */
export function replay(attempt: Attempt, replayed = true): Step {
  const { secretId, secretName, name, operation } = attempt.delivery;
  const secret = { type: "stored", secret_id: secretId ?? "", name: secretName ?? name } as const;
  const { result } = OPERATION_RULES[operation];
  return answer(attempt, { kind: "stored", secret, result, replayed });
}

/** Makes the same id a new delivery, which is the newest of its name. */
export function restart(attempt: Attempt, position: number): Step {
  const { delivery } = attempt;
  const restarted: Delivery = {
    ...delivery,
    state: "new",
    secretId: null,
    secretName: null,
    position,
    attempts: 0,
    evidence: null,
  };
  return { attempt: { ...attempt, delivery: restarted }, action: { do: "begin" } };
}

/** A newer delivery of the name has started: this one never stores its value. */
export function supersede(attempt: Attempt): Step {
  const superseded: Delivery = { ...attempt.delivery, state: "superseded", evidence: null };
  return answer({ ...attempt, delivery: superseded }, { kind: "rejected", code: "superseded" });
}
