import * as v from "valibot";
import { expect, test } from "vitest";
import { OidcRuleSchema } from "./oidc-rule.ts";
import { findClaimsFault } from "./required-claims.ts";

const AUDIENCE = "https://secrets.example.com";
const GITHUB = { repository_id: "123", repository_owner_id: "45", environment: "production" };
const GITLAB = { project_id: "1", namespace_id: "2", ref: "main", ref_protected: "true" };
const URL_ISSUER = "https://id.example.com";

test.each<[string, string, Record<string, string | string[]>]>([
  ["GitHub with ids and an environment", "github", GITHUB],
  ["GitHub with a list of alternatives", "github", { ...GITHUB, environment: ["a", "b"] }],
  ["GitLab with ids and a protected ref", "gitlab", GITLAB],
  ["a service account", URL_ISSUER, { sub: "system:serviceaccount:apps:deployer" }],
  ["another issuer with one claim", "https://agent.buildkite.com", { pipeline_id: "abc" }],
])("A rule for %s is accepted", (_, issuer, claims) => {
  expect(
    v.safeParse(OidcRuleSchema, { issuer, audience: AUDIENCE, claims }).issues,
  ).toBeUndefined();
});

test.each<[string, string, Record<string, string | string[]>, string]>([
  ["no repository id", "github", { repository_owner_id: "1", ref: "r" }, "must pin repository_id"],
  ["no owner id", "github", { repository_id: "1", ref: "r" }, "must pin repository_owner_id"],
  [
    "ids but nothing about the code that runs",
    "github",
    { repository_id: "1", repository_owner_id: "2" },
    "must pin ref or environment or job_workflow_ref",
  ],
  [
    "a repository's name at a GitHub server of one's own",
    URL_ISSUER,
    { repository: "o/r" },
    "must pin repository_id",
  ],
  [
    "GitHub by its URL",
    "https://token.actions.githubusercontent.com",
    { ref: "r" },
    "must pin repository_id",
  ],
  [
    "GitHub with data residency",
    "https://token.actions.acme.ghe.com",
    { ref: "r" },
    "must pin repository_id",
  ],
  [
    "a name in place of an id",
    "github",
    { ...GITHUB, repository_id: "o/r" },
    "must pin ids as decimal digits",
  ],
  ["GitLab without a namespace", "gitlab", { project_id: "1", ref: "r" }, "must pin namespace_id"],
  [
    "GitLab with an unprotected ref",
    "gitlab",
    { ...GITLAB, ref_protected: ["true", "false"] },
    'must pin ref_protected to "true"',
  ],
  [
    "a wildcard for a service account",
    URL_ISSUER,
    { sub: "system:serviceaccount:apps:*" },
    "must pin sub to system:serviceaccount:NAMESPACE:NAME",
  ],
  ["no claims", URL_ISSUER, {}, "must not be empty"],
  ["only its issuer", URL_ISSUER, { iss: "a" }, "must not contain iss, which identifies no sender"],
])("A rule with %s is rejected", (_, issuer, claims, fault) => {
  expect(findClaimsFault(issuer, claims)).toBe(fault);
  const { issues } = v.safeParse(OidcRuleSchema, { issuer, audience: AUDIENCE, claims });
  expect(issues?.map(({ message }) => message)).toEqual([fault]);
});

test.each<[string, unknown]>([
  ["a private key", { kty: "RSA", n: "AQAB", e: "AQAB", d: "AQAB" }],
  ["a symmetric key", { kty: "oct", k: "AQAB" }],
  ["an incomplete key", { kty: "EC", crv: "P-256", x: "AQAB" }],
  ["a string", "AQAB"],
])("Inline keys with %s are rejected", (_, key) => {
  const rule = {
    issuer: URL_ISSUER,
    audience: AUDIENCE,
    claims: { sub: "a" },
    jwks: { keys: [key] },
  };
  expect(v.is(OidcRuleSchema, rule)).toBe(false);
});

test("A rule with both jwks and jwksUrl is rejected", () => {
  const jwks = { keys: [{ kty: "OKP", crv: "Ed25519", x: "AQAB" }] };
  const rule = { issuer: URL_ISSUER, audience: AUDIENCE, claims: { sub: "a" }, jwks };
  expect(v.is(OidcRuleSchema, rule)).toBe(true);
  expect(v.is(OidcRuleSchema, { ...rule, jwksUrl: `${URL_ISSUER}/keys` })).toBe(false);
});
