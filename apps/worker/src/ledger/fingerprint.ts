import type { CreateSecretRequest } from "@convai-secrets/core";
import type { LedgerStore, WrappedKey } from "./store.ts";

/** What stands for a delivery's content: an HMAC under the ledger's own key. */
export interface Fingerprint {
  /** Which key made it; two fingerprints of different keys cannot be compared. */
  readonly keyId: string;
  readonly digest: string;
}

/** The ledger's key, ready to use. */
export interface LedgerKey {
  readonly id: string;
  readonly key: CryptoKey;
}

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
const WRAPPER_LABEL = "convai-secrets ledger key wrapper 1";
const WRAPPER_ID_LABEL = "convai-secrets ledger key wrapper id 1";

/** Fingerprints a secret. A copy of the ledger does not allow to guess what it stands for. */
export async function fingerprintSecret(
  { name, value }: CreateSecretRequest,
  { id, key }: LedgerKey,
): Promise<Fingerprint> {
  // JSON keeps the two apart: no name and value give the text of another pair.
  const content = new TextEncoder().encode(JSON.stringify([name, value]));
  return {
    keyId: id,
    digest: new Uint8Array(await crypto.subtle.sign("HMAC", key, content)).toHex(),
  };
}

/**
 * Opens the ledger's key, or makes one.
 *
 * The key is random and is stored only encrypted (AES-KW, RFC 3394), once under each credential that
 * now applies: the API key, the sender's signing secrets and token hashes. Any one of them that
 * outlives a rotation opens it; it is then encrypted anew under exactly those that apply. If none
 * does, a new key takes its place, and earlier fingerprints can no longer be compared.
 */
export async function openLedgerKey(
  store: LedgerStore,
  credentials: readonly CryptoKey[],
): Promise<LedgerKey> {
  const wrappers = await Promise.all(credentials.map(deriveWrapper));
  const stored = store.readWrappedKeys();
  const opened = await unwrapAny(stored, wrappers);
  const isCurrent =
    opened !== undefined &&
    stored.length === wrappers.length &&
    wrappers.every(({ id }) => stored.some(({ wrapper }) => wrapper === id));
  if (isCurrent) return opened;

  const { id, key } = opened ?? (await generateKey());
  const wrapped = await Promise.all(wrappers.map((wrapper) => wrap(id, key, wrapper)));
  store.replaceWrappedKeys(wrapped);
  return { id, key };
}

interface Wrapper {
  readonly id: string;
  readonly key: CryptoKey;
}

async function deriveWrapper(credential: CryptoKey): Promise<Wrapper> {
  const encoder = new TextEncoder();
  const [bytes, id] = await Promise.all([
    crypto.subtle.sign("HMAC", credential, encoder.encode(WRAPPER_LABEL)),
    crypto.subtle.sign("HMAC", credential, encoder.encode(WRAPPER_ID_LABEL)),
  ]);
  const usages = ["wrapKey", "unwrapKey"] as const;
  const key = await crypto.subtle.importKey("raw", bytes, "AES-KW", false, [...usages]);
  return { id: new Uint8Array(id, 0, 8).toHex(), key };
}

async function unwrapAny(
  stored: readonly WrappedKey[],
  wrappers: readonly Wrapper[],
): Promise<LedgerKey | undefined> {
  for (const { wrapper: wrapperId, key_id, wrapped } of stored) {
    const wrapper = wrappers.find(({ id }) => id === wrapperId);
    if (wrapper === undefined) continue;
    const bytes = Uint8Array.fromHex(wrapped);
    const key = await crypto.subtle.unwrapKey("raw", bytes, wrapper.key, "AES-KW", HMAC, true, [
      "sign",
    ]);
    return { id: key_id, key };
  }
  return undefined;
}

async function generateKey(): Promise<LedgerKey> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("raw", bytes, HMAC, true, ["sign"]);
  return { id: crypto.getRandomValues(new Uint8Array(8)).toHex(), key };
}

async function wrap(keyId: string, key: CryptoKey, wrapper: Wrapper): Promise<WrappedKey> {
  const wrapped = await crypto.subtle.wrapKey("raw", key, wrapper.key, "AES-KW");
  return {
    wrapper: wrapper.id,
    key_id: keyId,
    wrapped: new Uint8Array(wrapped as ArrayBuffer).toHex(),
  };
}
