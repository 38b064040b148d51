import { isJwt } from "@convai-secrets/protocol";
import { decode } from "jose/base64url";
import { compactVerify } from "jose/jws/compact/verify";
import { type Claims, hasValidTimes, parseClaims, type VerifiedClaims } from "./claims.ts";
import type { KeySet, KeySource } from "./key-source.ts";

/** What a token must be besides signed by one of the issuer's keys. */
export interface JwtExpectations {
  readonly issuer: string;
  readonly algorithms: readonly string[];
  /** The longest allowed time from `iat` to `exp`, in seconds. */
  readonly maxLifetimeSeconds: number;
}

/** The outcome of {@link verifyJwt}. */
export type VerifiedJwt =
  | { readonly kind: "verified"; readonly claims: VerifiedClaims }
  | { readonly kind: "rejected" }
  | { readonly kind: "keys_unavailable"; readonly retryAfterMs: number };

/**
 * Reads the `iss` that a token claims. It only selects the configured issuer whose keys are tried.
 *
 * @returns `undefined` if the token cannot be read
 */
export function readClaimedIssuer(token: string): string | undefined {
  const [, payload] = isJwt(token) ? token.split(".") : [];
  try {
    const iss = payload === undefined ? undefined : parseClaims(decode(payload))?.["iss"];
    return typeof iss === "string" ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies a token: form, signature, issuer and times. The audience and other claims are the
 * caller's.
 *
 * Keys come from `source` only. The header's `jku`, `x5u`, `x5c` and `jwk` are ignored: an
 * attacker who forges a token chooses them.
 *
 * @param now the time in milliseconds since the epoch
 */
export async function verifyJwt(
  token: string,
  source: KeySource,
  { issuer, algorithms, maxLifetimeSeconds }: JwtExpectations,
  now: number,
): Promise<VerifiedJwt> {
  if (!isJwt(token)) return { kind: "rejected" };
  const keys = await source.current(now);
  if (keys === undefined) {
    return { kind: "keys_unavailable", retryAfterMs: source.retryAfterMs(now) };
  }
  let claims = await verifySignature(keys, token, algorithms);
  if (claims === "unknown_key") {
    const newer = await source.refreshed(now);
    if (newer === undefined || newer === keys) return { kind: "rejected" };
    claims = await verifySignature(newer, token, algorithms);
  }
  if (claims === undefined || claims === "unknown_key") return { kind: "rejected" };
  const isValid = claims["iss"] === issuer && hasValidTimes(claims, maxLifetimeSeconds, now);
  return isValid ? { kind: "verified", claims: claims as VerifiedClaims } : { kind: "rejected" };
}

/** @returns `undefined` if the token is not valid, whatever the reason: it fails closed */
async function verifySignature(
  keys: KeySet,
  token: string,
  algorithms: readonly string[],
): Promise<Claims | "unknown_key" | undefined> {
  let isKnown = true;
  try {
    const { payload } = await compactVerify(
      token,
      ({ kid }) => {
        const key = keys.find(kid);
        isKnown = key !== undefined;
        // Without a key, jose rejects the token.
        return key as NonNullable<typeof key>;
      },
      { algorithms: [...algorithms] },
    );
    return parseClaims(payload);
  } catch {
    return isKnown ? undefined : "unknown_key";
  }
}
