import * as v from "valibot";
import { containsSecret } from "./contains-secret.ts";
import { SecretNameSchema, SecretValueSchema } from "./secret-name.ts";

/**
 * The body of a request that writes a secret.
 *
 * @__NO_SIDE_EFFECTS__
 */
export function writeRequestSchema<const Type extends string>(type: Type) {
  return v.pipe(
    v.strictObject(
      {
        type: v.literal(type, `must be "${type}"`),
        name: SecretNameSchema,
        value: SecretValueSchema,
      },
      describeFieldRule,
    ),
    v.forward(
      v.check(({ name, value }) => nameOmitsValue(name, value), "must not contain the value"),
      ["name"],
    ),
  );
}

/** The rule of a request's fields as a whole, to be read after the name of the field. */
function describeFieldRule({ path, expected }: v.StrictObjectIssue): string {
  if (path === undefined) return "must be a JSON object";
  return expected === "never" ? "is not a known field" : "is required";
}

/**
 * Whether a name does not contain the value. Names are shown in listings and logs, so such a name
 * would publish the value.
 */
function nameOmitsValue(name: string, value: string): boolean {
  return !containsSecret(name, [value]);
}
