import type * as v from "valibot";
import type { Operation } from "../operation.ts";
import type { RequestOptions } from "../request-options.ts";
import type { StoredSecret } from "../stored-secret.ts";
import { writeRequestSchema } from "../write-request.ts";
import { validate, writeSecret } from "../write-secret.ts";

/**
 * The body of "Create secret".
 *
 * Its messages name the rule and never quote the input. The issues of a failed parse still contain
 * the input, so do not log them.
 *
 * @example
 * ```ts
 * v.parse(CreateSecretRequestSchema, { type: "new", name: "CRM_TOKEN", value });
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/create
 */
export const CreateSecretRequestSchema = writeRequestSchema("new");

/** The input and output of {@link CreateSecretRequestSchema}. */
export type CreateSecretRequest = v.InferOutput<typeof CreateSecretRequestSchema>;

const OPERATION = {
  method: "POST",
  path: "/v1/convai/secrets",
  effect: "write",
} as const satisfies Operation;

/**
 * Creates a workspace secret with one request.
 *
 * @returns the stored secret: its id and name, not its value
 * @throws {SecretsApiError} with `outcome: "unknown"` if the secret may have been created
 * @throws {TypeError} if an option breaks its rule
 * @example
 * ```ts
 * const { secret_id } = await createSecret(
 *   { type: "new", name: "CRM_TOKEN", value },
 *   { apiKey: () => env.ELEVENLABS_API_KEY.get() },
 * );
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/create
 */
export async function createSecret(
  request: CreateSecretRequest,
  options: RequestOptions,
): Promise<StoredSecret> {
  return writeSecret(OPERATION, { json: validate(CreateSecretRequestSchema, request) }, options);
}
