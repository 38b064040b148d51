import * as v from "valibot";
import { SecretIdSchema } from "./secret-id.ts";

/**
 * A workspace secret as the API returns it: never with its value. Unknown fields are tolerated and
 * dropped, so that an addition to the API breaks no caller.
 *
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/create
 */
export const StoredSecretSchema = v.object({
  type: v.literal("stored"),
  secret_id: SecretIdSchema,
  name: v.string(),
});

/** The output of {@link StoredSecretSchema}. */
export type StoredSecret = v.InferOutput<typeof StoredSecretSchema>;
