import * as v from "valibot";

/** A `secret_id` as the API makes them. Responses with other ids count as unreadable. */
export const SECRET_ID_PATTERN = /^[A-Za-z0-9_-]{1,128}$/;

/** Validates a `secret_id`. */
export const SecretIdSchema = v.pipe(
  v.string("must be a string"),
  v.regex(SECRET_ID_PATTERN, "must be 1 to 128 of A-Z, a-z, 0-9, _ and -"),
);
