import * as v from "valibot";
import { ISSUER_PRESETS, isIssuerUrl } from "./issuers.ts";
import { JwksSchema } from "./jwks-schema.ts";
import { findClaimsFault } from "./required-claims.ts";

const NOT_A_STRING = "must be a string";
const ISSUER_RULE = 'must be "github", "gitlab" or an https URL without query and fragment';
const CLAIM_RULE = "must be a string or a list of strings";

const textSchema = v.pipe(v.string(CLAIM_RULE), v.nonEmpty("must not be empty"));

/** A number is an error, not another way to write a string: tokens have both. */
const claimSchema = v.union(
  [textSchema, v.pipe(v.array(textSchema, CLAIM_RULE), v.nonEmpty("must not be empty"))],
  CLAIM_RULE,
);

/** `v.record` drops these without an issue: a rule would accept more tokens than it says. */
const DROPPED_NAMES = ["__proto__", "constructor", "prototype"];

/**
 * A rule by which a sender is recognised from an OIDC token: a token of this issuer for this
 * audience with all of these claims.
 *
 * Comparison is exact, without wildcards and without conversion of types. `github` and `gitlab`
 * require claims that pin immutable ids.
 *
 * @example
 * ```ts
 * v.parse(OidcRuleSchema, {
 *   issuer: "github",
 *   audience: "https://secrets.example.com",
 *   claims: { repository_id: "123", repository_owner_id: "45", environment: "production" },
 * });
 * ```
 */
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
        v.custom<Readonly<Record<string, unknown>>>(
          (claims) => DROPPED_NAMES.every((name) => !Object.hasOwn(Object(claims), name)),
          "must not contain __proto__, constructor or prototype",
        ),
        v.record(v.string(), claimSchema, "must be an object"),
      ),
      /** Where the keys are, if the issuer's discovery document does not say or is unreachable. */
      jwksUrl: v.optional(
        v.pipe(
          v.string(NOT_A_STRING),
          v.check(isIssuerUrl, "must be an https URL without query and fragment"),
        ),
      ),
      /** The keys themselves, for issuers that the Worker cannot reach. */
      jwks: v.optional(JwksSchema),
    },
    ({ path, expected }) => {
      if (path === undefined || typeof path.at(-1)?.key === "number") return "must be an object";
      return expected === "never" ? "is not a known field" : "is required";
    },
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { issuer, claims } = dataset.value;
    const message = findClaimsFault(issuer, claims);
    if (message === undefined) return;
    const input = dataset.value;
    addIssue({
      message,
      path: [{ type: "object", origin: "value", input, key: "claims", value: claims }],
    });
  }),
  v.check(
    ({ jwks, jwksUrl }) => jwks === undefined || jwksUrl === undefined,
    "must have jwks or jwksUrl, not both",
  ),
);

/** The output of {@link OidcRuleSchema}. */
export type OidcRule = v.InferOutput<typeof OidcRuleSchema>;
