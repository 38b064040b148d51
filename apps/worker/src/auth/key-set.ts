import type { JWK } from "jose";
import * as v from "valibot";
import type { KeySet, KeySource } from "./key-source.ts";

/** Keys of unknown types are allowed: they fit no accepted algorithm. */
const KeySetSchema = v.object({
  keys: v.pipe(v.array(v.looseObject({ kty: v.string() })), v.nonEmpty()),
});

/**
 * Reads a JSON Web Key Set (RFC 7517).
 *
 * @returns `undefined` if it is none, or has no keys
 */
export function parseKeySet(json: unknown): KeySet | undefined {
  const { success, output } = v.safeParse(KeySetSchema, json);
  if (!success) return undefined;
  const keys = output.keys as readonly JWK[];
  return {
    find(kid) {
      const [key, ...others] = keys.filter((key) => kid === undefined || key.kid === kid);
      return others.length === 0 ? key : undefined;
    },
  };
}

/** The source of keys that are part of the policy: always there, never refreshed. */
export function createInlineKeySource(jwks: unknown): KeySource {
  const keys = parseKeySet(jwks);
  const current = async () => keys;
  return { current, refreshed: current, retryAfterMs: () => 0 };
}
