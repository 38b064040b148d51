import type { OidcRule } from "@convai-secrets/protocol";
import { type Issuer, startIssuer } from "@convai-secrets/testing";
import { afterAll, beforeAll } from "vitest";
import { createOidcVerifier, type OidcDecision } from "../../../src/auth/oidc-verifier.ts";

const AUDIENCE = "https://secrets.example.com";

/** What a GitHub job's token says of it. */
export const GITHUB_CLAIMS = {
  aud: AUDIENCE,
  sub: "repo:acme@45/shop@123:environment:production",
  repository: "acme/shop",
  repository_id: "123",
  repository_owner: "acme",
  repository_owner_id: "45",
  environment: "production",
  event_name: "push",
  ref: "refs/heads/main",
} as const;

/** A policy for that job. */
export const GITHUB_POLICY = {
  repository_id: "123",
  repository_owner_id: "45",
  environment: "production",
} as const;

/** A rule for an issuer. Its claims make it a rule for a GitHub job. */
export function githubRule(issuer: Issuer, claims: OidcRule["claims"] = GITHUB_POLICY): OidcRule {
  return { issuer: issuer.url, audience: AUDIENCE, claims };
}

/** Starts an issuer for the tests of a file. */
export function useIssuer(): () => Issuer {
  let issuer: Issuer | undefined;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer?.stop());
  return () => {
    if (issuer === undefined) throw new Error("The issuer runs only while tests run");
    return issuer;
  };
}

/** Decides on a token with a new verifier, so with empty key caches. */
export function decide(
  token: string,
  rules: readonly OidcRule[] | Readonly<Record<string, readonly OidcRule[]>>,
  now = Date.now(),
): Promise<OidcDecision> {
  const senders = Array.isArray(rules) ? { deployer: rules } : rules;
  const list = Object.entries(senders).map(([id, oidc]) => ({ id, oidc }));
  return createOidcVerifier(list, { fetch }).verify(token, now);
}
