import { decodeSigningSecret, type Sender } from "@convai-secrets/protocol";

/** A sender with its credentials in the form in which a request is held against them. */
export interface AuthenticSender {
  readonly id: string;
  readonly names: readonly string[];
  readonly signingKeys: readonly CryptoKey[];
  readonly tokenDigests: readonly Uint8Array[];
}

/** Imports a sender's credentials, once, so that no request has to. */
export async function importSender(sender: Sender): Promise<AuthenticSender> {
  return {
    id: sender.id,
    names: sender.names,
    signingKeys: await Promise.all(sender.signingSecrets.map(importSigningSecret)),
    tokenDigests: sender.tokenHashes.map((hash) =>
      Uint8Array.fromHex(hash.slice("sha256:".length)),
    ),
  };
}

function importSigningSecret(secret: string): Promise<CryptoKey> {
  const bytes = decodeSigningSecret(secret);
  if (bytes === undefined) throw new TypeError("A signing secret must have been validated before");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
