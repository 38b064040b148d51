import * as v from "valibot";

/** The longest name of a secret, in characters (Unicode code points). */
export const MAX_NAME_LENGTH = 255;

/** Characters without a shape of their own: controls, formats, line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * The name of a secret. Names identify secrets, so a name that the API might normalise is rejected.
 *
 * Its messages name the rule and never quote the name.
 */
export const SecretNameSchema = v.pipe(
  v.string("must be a string"),
  v.nonEmpty("must not be empty"),
  // A lone surrogate has no UTF-8 form: two different names could reach the API as one.
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
