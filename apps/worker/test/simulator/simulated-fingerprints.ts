import { DERIVED_ID_PREFIX } from "@convai-secrets/protocol";
import type { Fingerprint, TakeFingerprints } from "../../src/ledger/fingerprint.ts";

/**
 * Fingerprints under keys that are only names, newer first. The real ones come from asynchronous
 * cryptography, which no seed can replay.
 */
export function takeSimulatedFingerprints(keys: readonly [string, ...string[]]): TakeFingerprints {
  return async (senderId, content) => {
    const { operation, name, value } = content;
    const secretId = operation === "update" ? content.secretId : "";
    const take = (keyId: string): Fingerprint => {
      const digest = [keyId, operation, secretId, senderId, name, value].join(" ");
      return { keyId, digest, derivedId: DERIVED_ID_PREFIX + digest };
    };
    const [newest, ...older] = keys;
    return [take(newest), ...older.map(take)];
  };
}
