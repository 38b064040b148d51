import * as v from "valibot";
import { MAX_NAME_LENGTH } from "./limits.ts";

/** Characters without a shape of their own: controls, formats, line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * The name of a secret. The Worker identifies secrets by name, so it rejects names that the
 * upstream might normalise.
 *
 * Its messages name the rule and never quote the name.
 */
export const SecretNameSchema = v.pipe(
  v.string("must be a string"),
  v.nonEmpty("must not be empty"),
  v.check((name) => name.isWellFormed(), "must be well-formed Unicode"),
  v.check(
    (name) => [...name].length <= MAX_NAME_LENGTH,
    `must not be longer than ${MAX_NAME_LENGTH} characters`,
  ),
  v.check((name) => name.normalize("NFC") === name, "must be in Unicode normal form NFC"),
  v.check((name) => !INVISIBLE.test(name), "must not contain control or format characters"),
  v.check((name) => name.trim() === name, "must not start or end with white space"),
);

/** The value of a secret: well-formed Unicode that is not empty. */
export const SecretValueSchema = v.pipe(
  v.string("must be a string"),
  v.nonEmpty("must not be empty"),
  v.check((value) => value.isWellFormed(), "must be well-formed Unicode"),
);
