import {
  generateLedgerKey,
  generateSigningSecret,
  generateToken,
  hashToken,
} from "@convai-secrets/protocol";

/** The credentials of one sender, and what the Worker is configured with to accept them. */
export interface LocalCredentials {
  readonly apiKey: string;
  readonly signingSecret: string;
  readonly token: string;
  /** The SENDERS document. */
  readonly senders: string;
  readonly ledgerKey: string;
}

/** The names that the local sender may store. The demo also sends one that is not allowed. */
const ALLOWED_NAMES = "DEMO_*";

/** Generates random credentials, which are used for one run only. */
export async function generateCredentials(): Promise<LocalCredentials> {
  const signingSecret = generateSigningSecret();
  const token = generateToken();
  const sender = {
    id: "local",
    names: [ALLOWED_NAMES],
    existing: "update",
    signingSecrets: [signingSecret],
    tokenHashes: [await hashToken(token)],
  };
  return {
    apiKey: `local_${crypto.randomUUID()}`,
    signingSecret,
    token,
    senders: JSON.stringify([sender]),
    ledgerKey: generateLedgerKey(),
  };
}
