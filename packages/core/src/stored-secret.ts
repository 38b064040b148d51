import * as v from "valibot";

/**
 * A workspace secret as the API answers it: never with its value. Unknown fields are tolerated and
 * dropped, so that an addition upstream breaks nobody.
 *
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/create
 */
export const StoredSecretSchema = v.object({
  type: v.literal("stored"),
  secret_id: v.pipe(v.string(), v.nonEmpty()),
  name: v.string(),
});

/** The output of {@link StoredSecretSchema}. */
export type StoredSecret = v.InferOutput<typeof StoredSecretSchema>;
