import * as v from "valibot";

/** A ledger key: `lk_` and 32 random bytes in base64url. */
const LEDGER_KEY_PATTERN = /^lk_[A-Za-z0-9_-]{43}$/;

/**
 * The binding `LEDGER_KEY`: one ledger key, or two separated by a space, the newer first, while it
 * is rotated. Its output is the list of keys.
 */
export const LedgerKeySchema = v.pipe(
  v.string("must be a string"),
  v.transform((text) => text.split(" ")),
  v.check(
    (keys) =>
      keys.length <= 2 &&
      new Set(keys).size === keys.length &&
      keys.every((key) => LEDGER_KEY_PATTERN.test(key)),
    "must be lk_ and 32 random bytes in base64url, or two different ones separated by a space",
  ),
);
