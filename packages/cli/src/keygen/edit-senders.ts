import type { Sender } from "@convai-secrets/protocol";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { type CheckedSenders, checkSenders } from "../senders-document.ts";

/** A sender as the SENDERS document has it: what it leaves to defaults stays absent. */
export type SenderEntry = Partial<Sender> & Pick<Sender, "id">;

/** The fields that hold credentials. */
export type Credentials = Partial<Pick<Sender, "signingSecrets" | "tokenHashes" | "oidc">>;

/** Reads a document. @throws {CommandFailure} with the Worker's own rules */
export function parseEntries(json: string): SenderEntry[] {
  requireValid(json);
  return JSON.parse(json) as SenderEntry[];
}

/** Adds a sender that the document does not contain. */
export function addSender(before: readonly SenderEntry[], sender: SenderEntry): SenderEntry[] {
  if (before.every(({ id }) => id !== sender.id)) return [...before, sender];
  throw reject([{ path: "SENDER", rule: "is in the document already; use --rotate" }]);
}

/** Adds credentials to those of a sender that the document contains. */
export function rotateSender(
  before: readonly SenderEntry[],
  id: string,
  credentials: Credentials,
): SenderEntry[] {
  if (before.every((sender) => sender.id !== id)) {
    throw reject([{ path: "SENDER", rule: "is not in the document; use --add" }]);
  }
  return before.map((sender) => (sender.id === id ? merge(sender, credentials) : sender));
}

function merge(sender: SenderEntry, { signingSecrets, tokenHashes, oidc }: Credentials) {
  return {
    ...sender,
    ...(signingSecrets && {
      signingSecrets: [...(sender.signingSecrets ?? []), ...signingSecrets],
    }),
    ...(tokenHashes && { tokenHashes: [...(sender.tokenHashes ?? []), ...tokenHashes] }),
    ...(oidc && { oidc: [...(sender.oidc ?? []), ...oidc] }),
  };
}

/** @throws {CommandFailure} if the Worker would reject the document */
export function requireValid(json: string): CheckedSenders {
  const checked = checkSenders(json);
  if (checked.issues.length > 0) throw reject(checked.issues);
  return checked;
}

function reject(issues: CheckedSenders["issues"]): CommandFailure {
  const message = "No credential was made: SENDERS would break a rule";
  return new CommandFailure("invalid_input", EXIT.invalid, message, issues);
}
