import { isConfidential } from "@convai-secrets/core/internal";

/** The issuers that a rule can name by a short name. */
export const ISSUER_PRESETS = {
  github: "https://token.actions.githubusercontent.com",
  gitlab: "https://gitlab.com",
} as const;

/** A platform whose tokens need more than an exact comparison of claims. */
export type IssuerPlatform = "github" | "gitlab" | "kubernetes";

/** Also with an enterprise's own path, and GitHub Enterprise Cloud with data residency. */
const GITHUB_URL =
  /^https:\/\/token\.actions\.(?:githubusercontent\.com|[a-z0-9-]+\.ghe\.com)(?:\/|$)/;

/** What `sub` starts with in the token of a Kubernetes service account. */
const SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";

/** The issuer's URL: the exact `iss` of its tokens. */
export function resolveIssuer(issuer: string): string {
  return Object.hasOwn(ISSUER_PRESETS, issuer)
    ? ISSUER_PRESETS[issuer as keyof typeof ISSUER_PRESETS]
    : issuer;
}

/** An `https` URL without credentials, query and fragment, or an `http` URL of a loopback host. */
export function isIssuerUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  return !text.includes("?") && !text.includes("#") && isConfidential(url);
}

/**
 * The platform that a rule is for. A server of one's own is recognised by the claims that the rule
 * names: a rule that pins a GitHub repository or a GitLab project needs the same care there.
 */
export function detectPlatform(
  issuer: string,
  claims: Readonly<Record<string, string | readonly string[]>>,
): IssuerPlatform | undefined {
  const url = resolveIssuer(issuer);
  const pins = (...names: string[]) => names.some((name) => Object.hasOwn(claims, name));
  if (GITHUB_URL.test(url) || pins("repository", "repository_id")) return "github";
  if (url === ISSUER_PRESETS.gitlab || pins("project_path", "namespace_id")) return "gitlab";
  const subjects = Object.hasOwn(claims, "sub") ? [claims["sub"] ?? []].flat() : [];
  const isServiceAccount = (subject: string) => subject.startsWith(SERVICE_ACCOUNT_PREFIX);
  return subjects.some(isServiceAccount) ? "kubernetes" : undefined;
}
