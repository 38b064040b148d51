import { OPERATION_RULES } from "./operations/index.ts";
import { advance } from "./operations/operation.ts";
import type { Delivery, NameState } from "./states.ts";

/** Records that a delivery's value is in a secret. */
export function recordStored(
  delivery: Delivery,
  name: NameState,
  { secretId, secretName }: Pick<Delivery, "secretId" | "secretName">,
  now: number,
): { readonly delivery: Delivery; readonly name: NameState } {
  const { manage } = OPERATION_RULES[delivery.operation];
  const target = (delivery.operation === "update" ? delivery.secretId : secretId) ?? "";
  const { unsettled } = name;
  const isOwn = unsettled?.id === delivery.id && unsettled.senderId === delivery.senderId;
  return {
    delivery: {
      ...delivery,
      state: "stored",
      secretId,
      secretName: secretName === delivery.name ? null : secretName,
      evidence: null,
    },
    name: {
      ...manage(advance(name, delivery), delivery, target),
      // A create that is found has ended. A lost update can still be running after its repeat succeeded.
      runningUntil: delivery.operation === "create" && isOwn ? 0 : name.runningUntil,
      unsettled: isOwn ? null : unsettled,
      writtenAt: now,
    },
  };
}
