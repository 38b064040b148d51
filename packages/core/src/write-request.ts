import type * as v from "valibot";
import { containsSecret } from "./contains-secret.ts";
import { SecretNameSchema, SecretValueSchema } from "./secret-name.ts";

/** The fields of a request that writes a secret, besides `type`. */
export const writeRequestFields = { name: SecretNameSchema, value: SecretValueSchema };

/** The rule of a request's fields as a whole, to be read after the name of the field. */
export function describeFieldRule({ path, expected }: v.StrictObjectIssue): string {
  if (path === undefined) return "must be a JSON object";
  return expected === "never" ? "is not a known field" : "is required";
}

/**
 * Whether a name does not contain the value. Names are shown in listings and logs, so such a name
 * would publish the value.
 */
export function nameOmitsValue(name: string, value: string): boolean {
  return !containsSecret(name, [value]);
}

/** The rule of {@link nameOmitsValue}, to be read after `name`. */
export const NAME_OMITS_VALUE_RULE = "must not contain the value";
