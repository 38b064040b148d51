/** How far the clocks of an issuer and of the Worker may differ, in seconds. */
export const CLOCK_SKEW_SECONDS = 60;

/** The claims of a token, of any type. */
export type Claims = Readonly<Record<string, unknown>>;

/** Claims of a token whose signature, issuer and times are valid. */
export interface VerifiedClaims extends Claims {
  readonly iss: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  /** Seconds since the epoch. */
  readonly exp: number;
  /** Not verified yet: what it must be depends on the policy. */
  readonly aud?: unknown;
}

/**
 * Reads the claims of a token.
 *
 * @returns `undefined` if they are not a JSON object
 * @throws if they are not JSON or not UTF-8
 */
export function parseClaims(payload: Uint8Array): Claims | undefined {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  const claims: unknown = JSON.parse(text);
  const isObject = typeof claims === "object" && claims !== null && !Array.isArray(claims);
  return isObject ? (claims as Claims) : undefined;
}

/**
 * Whether a token is valid now (RFC 7519, section 4.1): `iat` and `exp` are required, `nbf` counts
 * if it is there, with {@link CLOCK_SKEW_SECONDS} of clock skew.
 *
 * @param maxLifetimeSeconds the longest allowed time from `iat` to `exp`, in seconds
 * @param now the time in milliseconds since the epoch
 */
export function hasValidTimes(
  { iat, exp, nbf = iat }: Claims,
  maxLifetimeSeconds: number,
  now: number,
): boolean {
  if (typeof iat !== "number" || typeof exp !== "number" || typeof nbf !== "number") return false;
  const seconds = Math.floor(now / 1000);
  const isStarted = Math.max(iat, nbf) <= seconds + CLOCK_SKEW_SECONDS;
  const isExpired = exp <= seconds - CLOCK_SKEW_SECONDS;
  const lifetime = exp - iat;
  return isStarted && !isExpired && lifetime > 0 && lifetime <= maxLifetimeSeconds;
}
