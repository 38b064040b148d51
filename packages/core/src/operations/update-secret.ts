import * as v from "valibot";
import type { Operation } from "../operation.ts";
import type { RequestOptions } from "../request-options.ts";
import { SecretIdSchema } from "../secret-id.ts";
import { SecretsApiError } from "../secrets-api-error.ts";
import type { StoredSecret } from "../stored-secret.ts";
import { writeRequestSchema } from "../write-request.ts";
import { validate, writeSecret } from "../write-secret.ts";

/**
 * The body of "Update secret". The API requires all three fields, so an update also renames the
 * secret to `name`.
 *
 * Its messages name the rule and never quote the input. The issues of a failed parse still contain
 * the input, so do not log them.
 *
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/update
 */
export const UpdateSecretRequestSchema = writeRequestSchema("update");

/** The input and output of {@link UpdateSecretRequestSchema}. */
export type UpdateSecretRequest = v.InferOutput<typeof UpdateSecretRequestSchema>;

const OPERATION = {
  method: "PATCH",
  path: "/v1/convai/secrets/{secret_id}",
  effect: "write",
} as const satisfies Operation;

/**
 * Replaces the name and the value of a secret with one request. The secret keeps its id.
 *
 * @param secretId the `secret_id` of the secret
 * @returns the stored secret: its id and name, not its value
 * @throws {SecretsApiError} `not_found` if there is no secret with this id; with
 * `outcome: "unknown"` if the secret may have been changed
 * @throws {TypeError} if an option breaks its rule
 * @example
 * ```ts
 * await updateSecret(secret_id, { type: "update", name: "CRM_TOKEN", value }, { apiKey });
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/update
 */
export async function updateSecret(
  secretId: string,
  request: UpdateSecretRequest,
  options: RequestOptions,
): Promise<StoredSecret> {
  const id = v.safeParse(SecretIdSchema, secretId);
  if (!id.success) {
    const issues = [{ path: "secret_id", rule: id.issues[0].message }];
    throw new SecretsApiError("invalid_request", { outcome: "not_applied", issues });
  }
  const content = { json: validate(UpdateSecretRequestSchema, request), secretId };
  return writeSecret(OPERATION, content, options);
}
