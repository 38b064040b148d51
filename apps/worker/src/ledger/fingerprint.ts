import { DERIVED_ID_PREFIX } from "@convai-secrets/protocol";
import type { DeliveryContent } from "./delivery-outcome.ts";

/** What stands for a delivery's content: an HMAC under the ledger's key. */
export interface Fingerprint {
  /** Which key made it. Fingerprints of different keys cannot be compared. */
  readonly keyId: string;
  readonly digest: string;
  /** The delivery's id, if the sender sent no id. */
  readonly derivedId: string;
}

/** Fingerprints a sender's content under each ledger key, the newer key first. */
export type TakeFingerprints = (
  senderId: string,
  content: DeliveryContent,
) => Promise<readonly [Fingerprint, ...Fingerprint[]]>;

const KEY_ID_LABEL = new TextEncoder().encode("convai-secrets ledger key id 1");

const keyIds = new WeakMap<CryptoKey, Promise<string>>();

/**
 * Fingerprints a sender's content. Without the key, a copy of the ledger cannot be used to check
 * a guess of a value.
 *
 * @param keys HMAC-SHA-256 keys, the newer one first
 */
export async function takeFingerprints(
  senderId: string,
  content: DeliveryContent,
  keys: readonly CryptoKey[],
): Promise<readonly [Fingerprint, ...Fingerprint[]]> {
  const { operation, name, value } = content;
  const secretId = operation === "update" ? content.secretId : null;
  // JSON keeps the parts apart: no parts give the text of others.
  const parts = JSON.stringify([operation, secretId, senderId, name, value]);
  const bytes = new TextEncoder().encode(parts);
  const [first, ...others] = await Promise.all(keys.map((key) => takeFingerprint(key, bytes)));
  if (first === undefined) throw new TypeError("There must be a ledger key");
  return [first, ...others];
}

async function takeFingerprint(key: CryptoKey, bytes: Uint8Array): Promise<Fingerprint> {
  const [keyId, mac] = await Promise.all([
    readKeyId(key),
    crypto.subtle.sign("HMAC", key, bytes as BufferSource),
  ]);
  // The halves of a MAC are independent: the id, which is listed, does not show the fingerprint.
  return {
    keyId,
    digest: new Uint8Array(mac, 0, 16).toHex(),
    derivedId: DERIVED_ID_PREFIX + new Uint8Array(mac, 16, 16).toHex(),
  };
}

function readKeyId(key: CryptoKey): Promise<string> {
  const known = keyIds.get(key);
  if (known !== undefined) return known;
  const keyId = crypto.subtle
    .sign("HMAC", key, KEY_ID_LABEL as BufferSource)
    .then((mac) => new Uint8Array(mac, 0, 4).toHex());
  keyIds.set(key, keyId);
  return keyId;
}
