import { digestToken, encodeBase64, encodeBase64Url } from "./credentials.ts";

/** The output length of HMAC-SHA-256; longer keys add no strength. */
const CREDENTIAL_BYTES = 32;

/**
 * A new signing secret: `whsec_` and the base64 of 32 random bytes.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
 */
export function generateSigningSecret(): string {
  return `whsec_${encodeBase64(drawBytes())}`;
}

/** A new token: `cs_` and 32 random bytes in base64url. The SENDERS document takes its hash. */
export function generateToken(): string {
  return `cs_${encodeBase64Url(drawBytes())}`;
}

/** A new ledger key for the binding `LEDGER_KEY`: `lk_` and 32 random bytes in base64url. */
export function generateLedgerKey(): string {
  return `lk_${encodeBase64Url(drawBytes())}`;
}

/**
 * A token as the SENDERS document holds it.
 *
 * @example
 * ```ts
 * const sender = { id: "ci", tokenHashes: [await hashToken(token)] };
 * ```
 */
export async function hashToken(token: string): Promise<string> {
  const digest = await digestToken(token);
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `sha256:${hex}`;
}

function drawBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(CREDENTIAL_BYTES));
}
