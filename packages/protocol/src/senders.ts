import { describeIssues, type Issue } from "@convai-secrets/core";
import * as v from "valibot";
import { SigningSecretSchema, TokenHashSchema } from "./credentials.ts";

/** Each is tried with the whole body of every stranger's request. */
const MAX_SIGNING_SECRETS = 64;

const SenderSchema = v.pipe(
  v.strictObject(
    {
      id: v.pipe(
        v.string("must be a string"),
        v.regex(/^[a-z0-9-]{1,64}$/, "must be 1 to 64 of a-z, 0-9 and -"),
      ),
      signingSecrets: v.optional(v.array(SigningSecretSchema, "must be an array"), []),
      tokenHashes: v.optional(v.array(TokenHashSchema, "must be an array"), []),
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
    ({ signingSecrets, tokenHashes }) => signingSecrets.length + tokenHashes.length > 0,
    "must have a credential: signingSecrets or tokenHashes",
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
  v.check((senders) => isUnique(senders.map(({ id }) => id)), "must not use an id twice"),
  v.check(
    (senders) => isUnique(senders.flatMap(({ signingSecrets }) => signingSecrets)),
    "must not use a signing secret twice",
  ),
  v.check(
    (senders) => isUnique(senders.flatMap(({ tokenHashes }) => tokenHashes)),
    "must not use a token twice",
  ),
  v.check(
    (senders) => senders.flatMap((sender) => sender.signingSecrets).length <= MAX_SIGNING_SECRETS,
    `must not hold more than ${MAX_SIGNING_SECRETS} signing secrets in all`,
  ),
);

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
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    // The reason quotes the text around it.
    return { issues: [{ path: "", rule: "must be JSON" }] };
  }
  const result = v.safeParse(SendersSchema, document);
  return result.success ? { senders: result.output } : { issues: describeIssues(result.issues) };
}
