import * as v from "valibot";

const SIGNING_SECRET_PREFIX = "whsec_";
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/**
 * The bytes of a signing secret: base64 after `whsec_`.
 *
 * @returns `undefined` unless the text is exactly the canonical form of 24 to 64 bytes
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
 */
export function decodeSigningSecret(secret: string): Uint8Array<ArrayBuffer> | undefined {
  if (!secret.startsWith(SIGNING_SECRET_PREFIX)) return undefined;
  const bytes = decodeBase64(secret.slice(SIGNING_SECRET_PREFIX.length));
  if (bytes === undefined) return undefined;
  return bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES ? bytes : undefined;
}

/** Decodes canonical base64 (RFC 4648, section 3.5), and nothing else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Encodes bytes in base64url without padding (RFC 4648, section 5). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** A signing secret as the SENDERS document and a sender hold it. */
export const SigningSecretSchema = v.pipe(
  v.string("must be a string"),
  v.check(
    (secret) => decodeSigningSecret(secret) !== undefined,
    `must be whsec_ and the base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes`,
  ),
);

/** The SHA-256 of a token as the SENDERS document holds it; the token itself is never configured. */
export const TokenHashSchema = v.pipe(
  v.string("must be a string"),
  v.regex(/^sha256:[0-9a-f]{64}$/i, "must be sha256: and 64 hex digits"),
  v.toLowerCase(),
);

/** A sender's token: `cs_` and 32 random bytes in base64url. */
export const TOKEN_PATTERN = /^cs_[A-Za-z0-9_-]{43}$/;

/** A token as a sender holds it. */
export const TokenSchema = v.pipe(
  v.string("must be a string"),
  v.regex(TOKEN_PATTERN, "must be cs_ and 43 characters of base64url"),
);

/**
 * The SHA-256 of a token.
 *
 * @see https://www.w3.org/TR/webcrypto/#SubtleCrypto-method-digest
 */
export async function digestToken(token: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
}
