import { decodeSigningSecret, type Existing, type Sender } from "@convai-secrets/protocol";

/** A sender with its credentials in the form that requests are compared with. */
export interface AuthenticSender {
  readonly id: string;
  readonly names: readonly string[];
  readonly existing: Existing;
  readonly signingKeys: readonly CryptoKey[];
  /** As configured, to reject a name or value that contains one. */
  readonly signingSecrets: readonly string[];
  readonly tokenDigests: readonly Uint8Array[];
}

/** Imports a sender's credentials once, so that no request has to. */
export async function importSender(sender: Sender): Promise<AuthenticSender> {
  const { id, names, existing, signingSecrets, tokenHashes } = sender;
  return {
    id,
    names,
    existing,
    signingKeys: await Promise.all(signingSecrets.map(importSigningSecret)),
    signingSecrets,
    tokenDigests: tokenHashes.map((hash) => Uint8Array.fromHex(hash.slice("sha256:".length))),
  };
}

function importSigningSecret(secret: string): Promise<CryptoKey> {
  const bytes = decodeSigningSecret(secret);
  if (bytes === undefined) throw new TypeError("The signing secret was not validated");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
