import { detectPlatform, type IssuerPlatform } from "./issuers.ts";

type Claims = Readonly<Record<string, string | readonly string[]>>;

/**
 * Claims that a rule must pin: of each group at least one. Names of repositories, projects and
 * their owners are recycled, ids are not; and a repository holds more than the code that deploys.
 */
const REQUIRED_CLAIMS: Readonly<Record<IssuerPlatform, readonly (readonly string[])[]>> = {
  github: [["repository_id"], ["repository_owner_id"], ["ref", "environment", "job_workflow_ref"]],
  gitlab: [["project_id"], ["namespace_id"], ["ref", "environment"], ["ref_protected"]],
  kubernetes: [["sub"]],
};

/** Every token of the issuer has these, or they are compared by other rules. */
const NOT_IDENTIFYING = ["iss", "aud", "exp", "iat", "nbf", "jti"];

const SERVICE_ACCOUNT = /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/;

/**
 * Finds what a rule's claims lack.
 *
 * @returns the broken rule, to be read after `claims`, or `undefined`
 * @example
 * ```ts
 * findClaimsFault("github", { repository_id: "1" }); // "must pin repository_owner_id"
 * ```
 */
export function findClaimsFault(issuer: string, claims: Claims): string | undefined {
  const names = Object.keys(claims);
  if (names.length === 0) return "must not be empty";
  const useless = names.find((name) => NOT_IDENTIFYING.includes(name));
  if (useless !== undefined) return `must not contain ${useless}, which identifies no sender`;
  const platform = detectPlatform(issuer, claims);
  if (platform === undefined) return undefined;
  const missing = REQUIRED_CLAIMS[platform].find(
    (group) => !group.some((name) => Object.hasOwn(claims, name)),
  );
  if (missing !== undefined) return `must pin ${missing.join(" or ")}`;
  return findValueFault(platform, claims);
}

function findValueFault(platform: IssuerPlatform, claims: Claims): string | undefined {
  const values = (name: string) => [claims[name] ?? []].flat();
  const isDecimal = (text: string) => /^[0-9]+$/.test(text);
  switch (platform) {
    case "github":
      return ["repository_id", "repository_owner_id"].every((name) => values(name).every(isDecimal))
        ? undefined
        : "must pin ids as decimal digits";
    case "gitlab":
      if (!["project_id", "namespace_id"].every((name) => values(name).every(isDecimal))) {
        return "must pin ids as decimal digits";
      }
      return values("ref_protected").every((value) => value === "true")
        ? undefined
        : 'must pin ref_protected to "true"';
    case "kubernetes":
      return values("sub").every((subject) => SERVICE_ACCOUNT.test(subject))
        ? undefined
        : "must pin sub to system:serviceaccount:NAMESPACE:NAME";
  }
}
