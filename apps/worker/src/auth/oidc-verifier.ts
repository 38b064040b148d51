import type { OidcRule } from "@convai-secrets/protocol";
import type { VerifiedClaims } from "./claims.ts";
import type { Fetch } from "./fetch-json.ts";
import { readClaimedIssuer, verifyJwt } from "./jwt.ts";
import { KeyCache, type KeyCacheOptions } from "./key-cache.ts";
import { createInlineKeySource } from "./key-set.ts";
import type { KeySource } from "./key-source.ts";
import { findMismatch, type OidcPolicy, type PolicyMismatch, toOidcPolicy } from "./oidc-policy.ts";

/** The signature algorithms that are accepted: asymmetric ones only. */
export const OIDC_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const;

/** Why a token is rejected. Fixed words for the log; the answer is the same for all. */
export type OidcRejection =
  | "unreadable"
  | "unknown_issuer"
  | "invalid_token"
  | "several_senders"
  | PolicyMismatch;

/** The outcome of {@link OidcVerifier.verify}. */
export type OidcDecision =
  | {
      readonly kind: "authenticated";
      readonly senderId: string;
      readonly issuer: string;
      /** The position of the rule in the sender's `oidc`, from 0. */
      readonly rule: number;
      /** The claims that the rule names. Their values are values of the policy. */
      readonly claims: Readonly<Record<string, string>>;
    }
  | { readonly kind: "rejected"; readonly reason: OidcRejection }
  | { readonly kind: "keys_unavailable"; readonly retryAfterMs: number };

/** Tells which sender an OIDC token belongs to. */
export interface OidcVerifier {
  /** @param now the time in milliseconds since the epoch */
  verify(token: string, now: number): Promise<OidcDecision>;
  /** Each place that keys come from. */
  readonly sources: readonly IssuerKeys[];
}

/** The keys of an issuer, and the policies whose tokens they verify. */
interface IssuerKeys {
  readonly issuer: string;
  readonly keys: KeySource;
  readonly policies: readonly OidcPolicy[];
}

/** What the verifier needs of its surroundings. */
export interface OidcDependencies {
  readonly fetch: Fetch;
  readonly waitUntil?: KeyCacheOptions["waitUntil"];
  readonly onLoad?: KeyCacheOptions["onLoad"];
}

/**
 * Prepares the rules of all senders. Rules of one issuer share one key cache.
 *
 * An issuer that no sender names is never contacted: a token only selects among configured ones.
 *
 * @example
 * ```ts
 * const verifier = createOidcVerifier(senders, { fetch });
 * const decision = await verifier.verify(token, Date.now());
 * ```
 */
export function createOidcVerifier(
  senders: readonly { readonly id: string; readonly oidc: readonly OidcRule[] }[],
  dependencies: OidcDependencies,
): OidcVerifier {
  const sources = collectSources(senders, dependencies);
  return { sources, verify: (token, now) => verify(token, sources, now) };
}

async function verify(
  token: string,
  sources: readonly IssuerKeys[],
  now: number,
): Promise<OidcDecision> {
  const issuer = readClaimedIssuer(token);
  if (issuer === undefined) return { kind: "rejected", reason: "unreadable" };
  const candidates = sources.filter((source) => source.issuer === issuer);
  let reason: OidcRejection = candidates.length === 0 ? "unknown_issuer" : "invalid_token";
  let unavailable: OidcDecision | undefined;
  const matches: { policy: OidcPolicy; claims: VerifiedClaims }[] = [];
  for (const { keys, policies } of candidates) {
    const maxLifetimeSeconds = Math.max(...policies.map((policy) => policy.maxLifetimeSeconds));
    const expectations = { issuer, algorithms: OIDC_ALGORITHMS, maxLifetimeSeconds };
    const result = await verifyJwt(token, keys, expectations, now);
    if (result.kind === "keys_unavailable") unavailable ??= result;
    if (result.kind !== "verified") continue;
    for (const policy of policies) {
      const mismatch = findMismatch(policy, result.claims);
      if (mismatch === undefined) matches.push({ policy, claims: result.claims });
      else reason = mismatch;
    }
  }
  const [match] = matches;
  if (match === undefined) return unavailable ?? { kind: "rejected", reason };
  // A token that two senders accept says nothing about which of them it is.
  if (matches.some(({ policy }) => policy.senderId !== match.policy.senderId)) {
    return { kind: "rejected", reason: "several_senders" };
  }
  const { senderId, number } = match.policy;
  return { kind: "authenticated", senderId, issuer, rule: number, claims: pick(match) };
}

function pick(match: { policy: OidcPolicy; claims: VerifiedClaims }): Record<string, string> {
  const names = Object.keys(match.policy.claims);
  return Object.fromEntries(names.map((name) => [name, String(match.claims[name])]));
}

function collectSources(
  senders: readonly { readonly id: string; readonly oidc: readonly OidcRule[] }[],
  dependencies: OidcDependencies,
): IssuerKeys[] {
  const sources = new Map<string, IssuerKeys & { policies: OidcPolicy[] }>();
  for (const sender of senders) {
    for (const [number, rule] of sender.oidc.entries()) {
      const policy = toOidcPolicy(sender.id, number, rule);
      const { issuer } = policy;
      const { jwks, jwksUrl } = rule;
      const place = JSON.stringify([issuer, jwksUrl ?? null, jwks ?? null]);
      const source = sources.get(place) ?? {
        issuer,
        keys:
          jwks === undefined
            ? new KeyCache({ ...dependencies, issuer, jwksUrl })
            : createInlineKeySource(jwks),
        policies: [],
      };
      sources.set(place, source);
      source.policies.push(policy);
    }
  }
  return [...sources.values()];
}
