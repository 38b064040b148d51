import type { AuthenticSender } from "../auth/authentic-sender.ts";

/** The credentials that now apply, as keys from which others are derived by HMAC. */
export async function importCredentials(
  apiKey: string,
  sender: AuthenticSender | undefined,
): Promise<CryptoKey[]> {
  const bytes = [new TextEncoder().encode(apiKey), ...(sender?.tokenDigests ?? [])];
  const imported = bytes.map((raw) =>
    crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
  );
  return [...(await Promise.all(imported)), ...(sender?.signingKeys ?? [])];
}
