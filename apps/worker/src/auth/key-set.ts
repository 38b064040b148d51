import type { JSONWebKeySet } from "jose";
import { createLocalJWKSet } from "jose/jwks/local";
import * as v from "valibot";
import type { KeySet, KeySource } from "./key-source.ts";

/** Members of a set that are no keys make it unusable; keys of an unknown type are only ignored. */
const KeySetSchema = v.looseObject({
  keys: v.pipe(v.array(v.looseObject({ kty: v.string() })), v.nonEmpty()),
});

/**
 * Reads a JSON Web Key Set (RFC 7517).
 *
 * @returns `undefined` if it is none, or has no keys
 */
export function parseKeySet(json: unknown): KeySet | undefined {
  const { success, output } = v.safeParse(KeySetSchema, json);
  return success ? createLocalJWKSet(output as JSONWebKeySet) : undefined;
}

/** The source of keys that are part of the policy: always there, never refreshed. */
export function createInlineKeySource(jwks: unknown): KeySource {
  const keys = parseKeySet(jwks);
  const current = async () => keys;
  return { current, refreshed: current, retryAfterMs: () => 0 };
}
