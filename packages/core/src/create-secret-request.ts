import * as v from "valibot";

const NOT_A_STRING = "must be a string";

const textSchema = v.pipe(
  v.string(NOT_A_STRING),
  v.nonEmpty("must not be empty"),
  // A lone surrogate has no UTF-8 form: two different values could reach the upstream as one.
  v.check((text) => text.isWellFormed(), "must be well-formed Unicode"),
);

/**
 * The body of "Create secret". All three fields are required, `name` and `value` are not empty, and
 * an unknown field is refused, so that a typo cannot pass silently.
 *
 * The messages name the rule and never quote the input; an issue of this schema still carries its
 * input, so read issues with {@link describeIssues} before they leave your function.
 *
 * @example
 * ```ts
 * v.parse(CreateSecretRequestSchema, { type: "new", name: "CRM_TOKEN", value });
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/create
 */
export const CreateSecretRequestSchema = v.strictObject(
  {
    type: v.literal("new", 'must be "new"'),
    name: textSchema,
    value: textSchema,
  },
  (issue) => {
    if (issue.path === undefined) return "must be a JSON object";
    return issue.expected === "never" ? "is not a known field" : "is required";
  },
);

/** The input and output of {@link CreateSecretRequestSchema}. */
export type CreateSecretRequest = v.InferOutput<typeof CreateSecretRequestSchema>;
