import * as v from "valibot";

/** A `secret_id` as the upstream makes them. Answers with other ids count as unreadable. */
export const SECRET_ID_PATTERN = /^[A-Za-z0-9_-]{1,128}$/;

/** Validates a `secret_id`. */
export const SecretIdSchema = v.pipe(v.string(), v.regex(SECRET_ID_PATTERN));
