import { createHash, randomBytes } from "node:crypto";

/** One sender's credentials, and the SENDERS document that lets them in. */
export interface LocalCredentials {
  readonly apiKey: string;
  readonly signingSecret: string;
  readonly token: string;
  readonly senders: string;
}

/** The names the local sender may store; the demo shows one that it may not. */
const ALLOWED_NAMES = "DEMO_*";

/** Makes fresh random credentials: nothing here is worth stealing, or is used twice. */
export function generateCredentials(): LocalCredentials {
  const signingSecret = `whsec_${randomBytes(32).toString("base64")}`;
  const token = `cs_${randomBytes(32).toString("base64url")}`;
  const tokenHash = `sha256:${createHash("sha256").update(token).digest("hex")}`;
  const sender = {
    id: "local",
    signingSecrets: [signingSecret],
    tokenHashes: [tokenHash],
    names: [ALLOWED_NAMES],
  };
  return {
    apiKey: `local_${randomBytes(24).toString("base64url")}`,
    signingSecret,
    token,
    senders: JSON.stringify([sender]),
  };
}
