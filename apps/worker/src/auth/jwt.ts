import { MAX_ID_TOKEN_BYTES } from "@convai-secrets/protocol";
import type { JWTPayload } from "jose";
import { JWKSNoMatchingKey } from "jose/errors";
import { decodeJwt } from "jose/jwt/decode";
import { jwtVerify } from "jose/jwt/verify";
import type { KeySet, KeySource } from "./key-source.ts";

/** How far the clocks of an issuer and of the Worker may differ, in seconds. */
export const CLOCK_SKEW_SECONDS = 60;

/** A compact JWS with a signature (RFC 7515, section 3.1). */
const JWT_PATTERN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Claims of a token whose signature and times are valid. */
export interface VerifiedClaims extends JWTPayload {
  readonly iss: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  /** Seconds since the epoch. */
  readonly exp: number;
}

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

/** Whether a credential has the form of a signed JWT, and a length that is parsed at all. */
export function isJwt(text: string): boolean {
  return text.length <= MAX_ID_TOKEN_BYTES && JWT_PATTERN.test(text);
}

/**
 * Reads the `iss` that a token claims. It only selects the configured issuer whose keys are tried.
 *
 * @returns `undefined` if the token cannot be read
 */
export function readClaimedIssuer(token: string): string | undefined {
  if (!isJwt(token)) return undefined;
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === "string" ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies a token: form, signature, issuer, and times. `exp` and `iat` are required, with
 * {@link CLOCK_SKEW_SECONDS} of clock skew. The audience and other claims are the caller's.
 *
 * Keys come from `source` only. The header's `jku`, `x5u`, `x5c` and `jwk` are ignored: who forges a
 * token chooses them.
 *
 * @param now the time in milliseconds since the epoch
 */
export async function verifyJwt(
  token: string,
  source: KeySource,
  expectations: JwtExpectations,
  now: number,
): Promise<VerifiedJwt> {
  if (!isJwt(token)) return { kind: "rejected" };
  const keys = await source.current(now);
  if (keys === undefined) {
    return { kind: "keys_unavailable", retryAfterMs: source.retryAfterMs(now) };
  }
  const claims = await verifyWith(keys, token, expectations, now);
  if (claims !== "unknown_key") return toResult(claims);
  const newer = await source.refreshed(now);
  if (newer === undefined || newer === keys) return { kind: "rejected" };
  const second = await verifyWith(newer, token, expectations, now);
  return toResult(second === "unknown_key" ? undefined : second);
}

function toResult(claims: VerifiedClaims | undefined): VerifiedJwt {
  return claims === undefined ? { kind: "rejected" } : { kind: "verified", claims };
}

/** @returns `undefined` if the token is not valid, whatever the reason: it fails closed */
async function verifyWith(
  keys: KeySet,
  token: string,
  { issuer, algorithms, maxLifetimeSeconds }: JwtExpectations,
  now: number,
): Promise<VerifiedClaims | "unknown_key" | undefined> {
  try {
    const { payload } = await jwtVerify<VerifiedClaims>(token, keys, {
      algorithms: [...algorithms],
      issuer,
      requiredClaims: ["iss", "iat", "exp"],
      maxTokenAge: maxLifetimeSeconds,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(now),
    });
    const lifetime = payload.exp - payload.iat;
    return lifetime > 0 && lifetime <= maxLifetimeSeconds ? payload : undefined;
  } catch (error) {
    return error instanceof JWKSNoMatchingKey ? "unknown_key" : undefined;
  }
}
