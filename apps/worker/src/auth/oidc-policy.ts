import {
  detectPlatform,
  type IssuerPlatform,
  type OidcRule,
  resolveIssuer,
} from "@convai-secrets/protocol";
import type { VerifiedClaims } from "./claims.ts";

const HOUR_SECONDS = 60 * 60;

/** The longest lifetime of a token, in seconds. Kubernetes rotates projected tokens slowly. */
const MAX_LIFETIME_SECONDS = HOUR_SECONDS;
const MAX_KUBERNETES_LIFETIME_SECONDS = 24 * HOUR_SECONDS;

/** Events that can run the code of a fork with the ids of the repository itself. */
const FORK_EVENTS = ["pull_request", "pull_request_target"];

/** A rule of a sender's policy, prepared for comparison. */
export interface OidcPolicy {
  readonly senderId: string;
  /** The position in the sender's `oidc`, from 0, as in the paths of a configuration's issues. */
  readonly number: number;
  /** The exact `iss`. */
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
  readonly platform: IssuerPlatform | undefined;
  readonly maxLifetimeSeconds: number;
}

/** Prepares a validated rule. */
export function toOidcPolicy(senderId: string, number: number, rule: OidcRule): OidcPolicy {
  const platform = detectPlatform(rule.issuer, rule.claims);
  return {
    senderId,
    number,
    issuer: resolveIssuer(rule.issuer),
    audience: rule.audience,
    claims: rule.claims,
    platform,
    maxLifetimeSeconds:
      platform === "kubernetes" ? MAX_KUBERNETES_LIFETIME_SECONDS : MAX_LIFETIME_SECONDS,
  };
}

/** Why verified claims do not meet a policy. Fixed words, safe to log. */
export type PolicyMismatch = "audience" | "lifetime" | "claims" | "event" | "fork";

/**
 * Compares the claims of a verified token with a policy: exact strings, no wildcards, no conversion.
 *
 * @returns the first mismatch, or `undefined` if the policy is met
 */
export function findMismatch(
  policy: OidcPolicy,
  claims: VerifiedClaims,
): PolicyMismatch | undefined {
  if (!isFor(policy, claims.aud)) return "audience";
  if (claims.exp - claims.iat > policy.maxLifetimeSeconds) return "lifetime";
  for (const [name, expected] of Object.entries(policy.claims)) {
    const actual = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof actual !== "string" || ![expected].flat().includes(actual)) return "claims";
  }
  if (isForkEvent(policy, claims["event_name"])) return "event";
  // In a merge request from a fork, GitLab can run the fork's job with the target's ids.
  const jobProject = claims["job_project_id"];
  if (jobProject !== undefined && jobProject !== claims["project_id"]) return "fork";
  return undefined;
}

/**
 * A token for several audiences can be replayed by each of them, so an array is rejected. Kubernetes
 * always writes an array: there, its one member counts.
 */
function isFor({ audience, platform }: OidcPolicy, aud: unknown): boolean {
  if (platform === "kubernetes" && Array.isArray(aud))
    return aud.length === 1 && aud[0] === audience;
  return aud === audience;
}

function isForkEvent({ platform, claims }: OidcPolicy, event: unknown): boolean {
  const isListed = Object.hasOwn(claims, "event_name");
  return platform === "github" && !isListed && FORK_EVENTS.some((name) => name === event);
}
