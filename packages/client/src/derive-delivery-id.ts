import { DERIVED_ID_PREFIX, decodeSigningSecret, encodeBase64Url } from "@convai-secrets/protocol";

/** Separates the key of ids from the key of signatures (RFC 5869, section 3.2). */
const PURPOSE = new TextEncoder().encode("convai-secrets delivery id");

/** What a delivery stores, and in which secret. */
export interface DeliveryContent {
  readonly name: string;
  readonly value: string;
  /** The secret to update; without it, the name decides. */
  readonly secretId?: string | undefined;
}

/**
 * Derives the id of a signed delivery without one: the same for the same content, so that a retry,
 * a repeated push and a run after an interruption are one delivery.
 *
 * It is an HMAC-SHA-256, because ids are shown, and a plain hash would let a reader try values. Its
 * key is derived from the signing secret (HKDF-SHA-256), so that an id is never a valid signature.
 * With another signing secret, the same content has another id.
 *
 * @throws {TypeError} if the signing secret is malformed
 */
export async function deriveDeliveryId(
  signingSecret: string,
  { name, value, secretId }: DeliveryContent,
): Promise<string> {
  const secret = decodeSigningSecret(signingSecret);
  if (secret === undefined) throw new TypeError("signingSecret is malformed");
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: PURPOSE },
    base,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign"],
  );
  const content = new TextEncoder().encode(JSON.stringify([secretId ?? null, name, value]));
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
  return DERIVED_ID_PREFIX + encodeBase64Url(mac);
}
