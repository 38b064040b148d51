import { describeIssues, type Issue } from "@convai-secrets/core/internal";
import * as v from "valibot";
import { decodeSigningSecret, SigningSecretSchema, TokenHashSchema } from "./credentials.ts";
import { DEFAULT_EXISTING, EXISTING_POLICIES } from "./existing.ts";
import { resolveIssuer } from "./issuers.ts";
import { MAX_SIGNING_SECRETS } from "./limits.ts";
import { type OidcRule, OidcRuleSchema } from "./oidc-rule.ts";
import { parseJson } from "./parse-json.ts";

const SenderSchema = v.pipe(
  v.strictObject(
    {
      id: v.pipe(
        v.string("must be a string"),
        v.regex(/^[a-z0-9-]{1,64}$/, "must be 1 to 64 of a-z, 0-9 and -"),
      ),
      signingSecrets: v.optional(v.array(SigningSecretSchema, "must be an array"), []),
      tokenHashes: v.optional(v.array(TokenHashSchema, "must be an array"), []),
      oidc: v.optional(v.array(OidcRuleSchema, "must be an array"), []),
      existing: v.optional(
        v.picklist(EXISTING_POLICIES, `must be one of ${EXISTING_POLICIES.join(", ")}`),
        DEFAULT_EXISTING,
      ),
      names: v.optional(
        v.pipe(
          v.array(
            v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty")),
            "must be an array",
          ),
          v.nonEmpty("must not be empty"),
        ),
        ["*"],
      ),
    },
    ({ path, expected }) => {
      if (path === undefined || typeof path.at(-1)?.key === "number") return "must be an object";
      return expected === "never" ? "is not a known field" : "is required";
    },
  ),
  v.check(
    ({ signingSecrets, tokenHashes, oidc }) =>
      signingSecrets.length + tokenHashes.length + oidc.length > 0,
    "must have a credential: signingSecrets, tokenHashes or oidc",
  ),
);

/** One service that may call, its credentials, and the names it may store. */
export type Sender = v.InferOutput<typeof SenderSchema>;

/**
 * The SENDERS document: every sender, with ids and credentials unique across all of them.
 *
 * Its messages name the rule and never quote the input.
 */
export const SendersSchema = v.pipe(
  v.array(SenderSchema, "must be an array"),
  v.nonEmpty("must name at least one sender"),
  v.check((senders) => isUnique(senders.map(({ id }) => id)), "must not contain duplicate ids"),
  v.check(
    (senders) => isUnique(senders.flatMap(({ signingSecrets }) => signingSecrets.map(toHmacKey))),
    "must not contain duplicate signing secrets",
  ),
  v.check(
    (senders) => isUnique(senders.flatMap(({ tokenHashes }) => tokenHashes)),
    "must not contain duplicate token hashes",
  ),
  v.check(
    (senders) => isUnique(senders.flatMap(({ oidc }) => oidc.map(toCanonicalRule))),
    "must not contain duplicate OIDC rules",
  ),
  v.check(
    (senders) => senders.flatMap((sender) => sender.signingSecrets).length <= MAX_SIGNING_SECRETS,
    `must not contain more than ${MAX_SIGNING_SECRETS} signing secrets`,
  ),
);

/**
 * Two secrets are the same HMAC key if they differ only in trailing zero bytes within one block of
 * the hash (RFC 2104, section 2).
 */
function toHmacKey(secret: string): string {
  return String.fromCharCode(...(decodeSigningSecret(secret) ?? [])).replace(/\0+$/, "");
}

/** Two rules are the same if every token that meets one meets the other. */
function toCanonicalRule({ issuer, audience, claims }: OidcRule): string {
  const entries = Object.entries(claims).map(([name, values]) => [name, [values].flat().sort()]);
  return JSON.stringify([resolveIssuer(issuer), audience, Object.fromEntries(entries.sort())]);
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/**
 * Reads a SENDERS document.
 *
 * @returns the senders, or what breaks which rule where, without a piece of any credential
 * @example
 * ```ts
 * const { senders, issues } = parseSenders(env.SENDERS);
 * ```
 */
export function parseSenders(
  json: string,
): { senders: Sender[]; issues?: never } | { senders?: never; issues: Issue[] } {
  const { json: document, issue } = parseJson(json);
  if (issue !== undefined) {
    const rule = issue.reason === "malformed" ? "must be JSON" : "must not contain duplicate keys";
    return { issues: [{ path: "", rule }] };
  }
  const result = v.safeParse(SendersSchema, document);
  return result.success ? { senders: result.output } : { issues: describeIssues(result.issues) };
}
