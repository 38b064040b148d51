import { decodeSigningSecret } from "@convai-secrets/protocol";

/**
 * Keeps what is hashed here apart from what is signed: signed content has no space before its first
 * dot, so a derived id is never the signature of a request.
 */
const PURPOSE = "convai-secrets delivery id";

/**
 * The id of a signed delivery that was given none: the same for the same name and value, so that a
 * retry, a re-push and a re-run after an interruption are one delivery.
 *
 * It is keyed by the signing secret (HMAC-SHA-256), since ids are shown, and a plain hash would let
 * whoever reads one try out values. After that secret is rotated, the same content has another id.
 *
 * @throws {TypeError} if the signing secret is malformed
 */
export async function deriveDeliveryId(
  senderKey: string,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<string> {
  const bytes = decodeSigningSecret(senderKey);
  if (bytes === undefined) throw new TypeError("senderKey must be a signing secret");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const content = new TextEncoder().encode(JSON.stringify([PURPOSE, name, value]));
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
  return `msg_${encodeBase64Url(mac)}`;
}

function encodeBase64Url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
