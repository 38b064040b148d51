import { DeliveryError, getSender } from "@convai-secrets/client";
import { type Existing, matchesPattern, type SenderPage } from "@convai-secrets/protocol";
import type { Connection } from "../connection/read-connection.ts";
import { explainDeliveryError } from "../output/describe-failure.ts";
import { printable } from "../output/printable.ts";
import type { Check } from "./check.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  unauthenticated:
    "Compare the credential with the one that the operator gave you, or ask for a new one (keygen).",
  stale_timestamp: "Set the clock of this machine, for example by NTP.",
  rate_limited: "Wait, and try again.",
  redirected:
    "Ask the operator to limit Cloudflare Access to the path /operator*: senders cannot log in.",
  unreadable_answer: "Ask the operator which product or page stands in front of the Worker.",
  id_token_unavailable: "Check that the platform issues an OIDC token to this job.",
};

const EXISTING: Readonly<Record<Existing, string>> = {
  create: "an existing name gets another secret",
  reject: "an existing name is rejected",
  update: "an existing name is updated, if this Worker created its secret",
  adopt: "an existing name is updated, and its only secret is adopted",
};

/** Asks the Worker who the credential belongs to. */
export async function checkCredential(
  connection: Connection,
): Promise<{ readonly check: Check; readonly sender?: SenderPage }> {
  try {
    const sender = await getSender({ ...connection, maxAttempts: 2 });
    const message = `Sender ${printable(sender.id)}, authenticated by ${sender.authenticated_by}`;
    return { check: { check: "credential", status: "ok", code: "ok", message }, sender };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const { code } = error;
    const message = explainDeliveryError(error, new URL(connection.url).host);
    const action = ACTIONS[code] ?? "Try again later, or ask the operator.";
    return { check: { check: "credential", status: "failed", code, message, action } };
  }
}

/** What the sender may store, and whether that includes the names asked for. */
export function checkNames(sender: SenderPage, names: readonly string[]): Check[] {
  const allowed = sender.names.map(printable).join(" ");
  const message = `Names: ${allowed}; ${EXISTING[sender.existing]} (${sender.existing})`;
  const rejected = names.filter(
    (name) => !sender.names.some((pattern) => matchesPattern(name, pattern)),
  );
  return [
    { check: "names", status: "ok", code: "ok", message },
    ...rejected.map(
      (name): Check => ({
        check: "names",
        status: "failed",
        code: "name_not_allowed",
        message: `The policy does not allow the name ${printable(name)}`,
        action: "Use another name, or ask the operator to allow it.",
      }),
    ),
  ];
}
