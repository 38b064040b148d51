import { PATHS } from "@convai-secrets/protocol";
import { parseDecision } from "./decision.ts";
import type { Document } from "./document.ts";
import type { OperatorCall } from "./operator-call.ts";
import { showMessage } from "./pages/message.ts";

/** The address after a decision, so that a reload of the page does not decide again. */
export interface Redirect {
  readonly location: string;
}

/** Makes a confirmed decision and has the ledger record it with user and time. */
export async function decide(
  { ledger, user, configuration }: OperatorCall,
  form: URLSearchParams,
): Promise<Document | Redirect> {
  const fields = parseDecision(form);
  if (fields === undefined) {
    return showMessage(400, "No such decision", "The form does not contain a valid decision.");
  }
  const isAboutSender = fields.action === "pause" || fields.action === "resume";
  if (isAboutSender && !(await isKnown(fields.senderId, { ledger, configuration }))) {
    return showMessage(404, "No such sender", "SENDERS does not name this sender.");
  }
  const result = await ledger.decide({ ...fields, user });
  switch (result.kind) {
    case "done":
      return { location: `${PATHS.operator}?recorded=${fields.action}` };
    case "stale":
      return showMessage(
        409,
        "Nothing was changed",
        "The decision does not apply any more: it was made already, or the secret is not listed under this name.",
      );
    case "running":
      return showMessage(
        409,
        "Nothing was changed",
        `A call for this name may still be running. Decide again in ${Math.ceil(
          result.settlesInMs / 1000,
        )} seconds.`,
      );
    case "unavailable":
      return showMessage(
        503,
        "Nothing was changed",
        "The decision needs a fresh listing, and it failed. Decide again, or run the check.",
      );
  }
}

async function isKnown(
  senderId: string,
  { ledger, configuration }: Pick<OperatorCall, "ledger" | "configuration">,
): Promise<boolean> {
  if (configuration.senders.some(({ id }) => id === senderId)) return true;
  return (await ledger.senders()).some(({ id }) => id === senderId);
}
