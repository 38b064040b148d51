import { API_KEY_PATTERN } from "@convai-secrets/core/internal";
import { LedgerKeySchema, MAX_WORKER_SECRET_BYTES, parseSenders } from "@convai-secrets/protocol";
import * as v from "valibot";

/** The secrets of this Worker, and what to enter for each. */
export const HINTS: Readonly<Record<string, string>> = {
  ELEVENLABS_API_KEY:
    "an API key of the workspace, used only here, with the permissions convai_write and convai_read",
  SENDERS: "the senders as JSON: the document that `npx --no convai-secrets keygen` prints",
  LEDGER_KEY: "lk_ and 32 random bytes in base64url; during rotation two of them, newer first",
};

/** What is wrong with a secret's value. The messages contain no part of it. */
export function findFaults(name: string, value: string): string[] {
  if (value === "") return [`${name} must not be empty`];
  const faults: string[] = [];
  if (Buffer.byteLength(value) > MAX_WORKER_SECRET_BYTES) {
    faults.push(`${name} must not exceed ${MAX_WORKER_SECRET_BYTES} bytes`);
  }
  if (name === "ELEVENLABS_API_KEY" && !API_KEY_PATTERN.test(value)) {
    faults.push(`${name} must be visible ASCII characters`);
  }
  if (name === "LEDGER_KEY") {
    const { issues = [] } = v.safeParse(LedgerKeySchema, value);
    faults.push(...issues.map(({ message }) => `${name} ${message}`));
  }
  if (name === "SENDERS") {
    const { issues = [] } = parseSenders(value);
    faults.push(
      ...issues.map(({ path, rule }) => `${path === "" ? name : `${name}.${path}`} ${rule}`),
    );
  }
  return faults;
}

/** The credentials in these secrets: the values, and of SENDERS the credentials of each sender. */
export function listCredentials(secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    if (name === "LEDGER_KEY") return value.split(" ");
    if (name !== "SENDERS") return [value];
    const { senders = [] } = parseSenders(value);
    return senders.flatMap(({ signingSecrets, tokenHashes }) => [
      ...signingSecrets,
      ...tokenHashes,
    ]);
  });
}
