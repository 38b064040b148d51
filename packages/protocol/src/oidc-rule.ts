import * as v from "valibot";

/** The issuers that a rule can name by a short name. */
export const ISSUER_PRESETS = {
  github: "https://token.actions.githubusercontent.com",
  gitlab: "https://gitlab.com",
} as const;

const NOT_A_STRING = "must be a string";
const ISSUER_RULE = 'must be "github", "gitlab" or an https URL without query and fragment';

/** An `https` URL without credentials, query and fragment, or an `http` URL of a loopback host. */
export function isIssuerUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (url.search !== "" || url.hash !== "" || text.includes("?") || text.includes("#"))
    return false;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback);
}

const urlSchema = v.pipe(
  v.string(NOT_A_STRING),
  v.check(isIssuerUrl, "must be an https URL without query and fragment"),
);

const claimSchema = v.union(
  [
    v.pipe(v.string(), v.nonEmpty()),
    v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.nonEmpty()),
  ],
  "must be a string or a list of strings",
);

/** Claims that a rule must pin, because names are recycled and ids are not. */
const REQUIRED_CLAIMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  github: [["repository_id"], ["repository_owner_id"], ["ref", "environment", "job_workflow_ref"]],
  gitlab: [["project_id"], ["namespace_id"], ["ref", "environment"], ["ref_protected"]],
};

/** Whether a rule pins what its issuer requires: of each group at least one claim. */
function pinsRequiredClaims(issuer: string, claims: Readonly<Record<string, unknown>>): boolean {
  const preset = Object.entries(ISSUER_PRESETS).find(([, url]) => url === issuer)?.[0] ?? issuer;
  const groups = REQUIRED_CLAIMS[preset] ?? [];
  return groups.every((group) => group.some((claim) => Object.hasOwn(claims, claim)));
}

/** A rule by which a sender is recognised from an OIDC token. */
export const OidcRuleSchema = v.pipe(
  v.strictObject(
    {
      /** `github`, `gitlab`, or the issuer's URL, exactly as in the token. */
      issuer: v.pipe(
        v.string(NOT_A_STRING),
        v.check((text) => Object.hasOwn(ISSUER_PRESETS, text) || isIssuerUrl(text), ISSUER_RULE),
      ),
      /** The token's `aud`, exactly. */
      audience: v.pipe(
        v.string(NOT_A_STRING),
        v.check((text) => URL.canParse(text), "must be a URL"),
      ),
      /** Claim names with the exact value, or a list of alternatives. */
      claims: v.pipe(
        v.record(v.string(), claimSchema, "must be an object"),
        v.check((claims) => Object.keys(claims).length > 0, "must not be empty"),
      ),
      /** Where the keys are, if discovery on the issuer's host does not tell. */
      jwksUrl: v.optional(urlSchema),
      /** The keys themselves, for issuers that the Worker cannot reach. */
      jwks: v.optional(
        v.object(
          {
            keys: v.pipe(
              v.array(v.looseObject({ kty: v.string() })),
              v.nonEmpty("must not be empty"),
            ),
          },
          "must be a JSON Web Key Set",
        ),
      ),
    },
    ({ path, expected }) => {
      if (path === undefined || typeof path.at(-1)?.key === "number") return "must be an object";
      return expected === "never" ? "is not a known field" : "is required";
    },
  ),
  v.forward(
    v.check(
      ({ issuer, claims }) =>
        Object.keys(claims).length === 0 || pinsRequiredClaims(issuer, claims),
      "must pin the claims that this issuer requires (see docs/operating.md)",
    ),
    ["claims"],
  ),
  v.check(
    ({ jwks, jwksUrl }) => jwks === undefined || jwksUrl === undefined,
    "must have jwks or jwksUrl, not both",
  ),
);

/** The output of {@link OidcRuleSchema}. */
export type OidcRule = v.InferOutput<typeof OidcRuleSchema>;
