import { DELIVERY_ID_PATTERN, SECRET_ID_PATTERN } from "@convai-secrets/protocol";
import * as v from "valibot";
import type { Decision } from "../ledger/operator-view.ts";

const senderId = v.pipe(v.string(), v.nonEmpty());
const deliveryId = v.pipe(v.string(), v.regex(DELIVERY_ID_PATTERN));
const secretId = v.pipe(v.string(), v.regex(SECRET_ID_PATTERN));

/** A decision as the fields of a form. The ledger checks whether it still applies. */
const DecisionFieldsSchema = v.variant("action", [
  v.object({ action: v.literal("this_is_the_secret"), senderId, deliveryId, secretId }),
  v.object({ action: v.literal("it_was_not_stored"), senderId, deliveryId }),
  v.object({ action: v.literal("adopt"), name: v.pipe(v.string(), v.nonEmpty()), secretId }),
  v.object({ action: v.picklist(["pause", "resume"]), senderId }),
]);

/** A decision without the user who makes it. */
export type DecisionFields = v.InferOutput<typeof DecisionFieldsSchema>;

/** What an operator can decide. */
export type DecisionAction = Decision["action"];

/** Reads a decision from the fields of a form; `undefined` if one is missing or malformed. */
export function parseDecision(fields: URLSearchParams): DecisionFields | undefined {
  const result = v.safeParse(DecisionFieldsSchema, Object.fromEntries(fields));
  return result.success ? result.output : undefined;
}
