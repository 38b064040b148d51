import * as v from "valibot";
import { type CreateSecretRequest, CreateSecretRequestSchema } from "./create-secret-request.ts";
import { holdsSecret } from "./holds-secret.ts";
import { describeIssues } from "./issues.ts";
import { readJson } from "./read-json.ts";
import { readRefusal } from "./read-refusal.ts";
import { type Call, type RequestOptions, runCall } from "./request-options.ts";
import { SecretsApiError } from "./secrets-api-error.ts";
import { type Answer, interruption, send } from "./send.ts";
import { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";

/**
 * Creates a workspace secret with exactly one request.
 *
 * @returns the stored secret: its id and name, not its value
 * @throws {SecretsApiError} with `outcome: "unknown"` whenever the secret may exist all the same
 * @throws {TypeError} if an option is unusable
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
  const json = validate(request);
  return runCall(options, async (call) => {
    const answer = await send(call, options, { method: "POST", json });
    return readCreateSecretResponse(answer, call, json.name);
  });
}

function validate(request: CreateSecretRequest): CreateSecretRequest {
  const result = v.safeParse(CreateSecretRequestSchema, request);
  if (result.success) return result.output;
  const issues = describeIssues(result.issues);
  throw new SecretsApiError("invalid_request", { outcome: "not_created", issues });
}

/**
 * Reads the answer of "Create secret". A success that cannot be read, or that says the value or the
 * key back, leaves the outcome unknown.
 */
async function readCreateSecretResponse(
  answer: Answer,
  call: Call,
  name: string,
): Promise<StoredSecret> {
  const { response, sent } = answer;
  if (!response.ok) throw await readRefusal(answer);
  const stored = await readJson(response, StoredSecretSchema);
  const isUsable =
    stored !== undefined &&
    !holdsSecret(stored.secret_id, sent) &&
    (stored.name === name || !holdsSecret(stored.name, sent));
  if (isUsable) return stored;
  throw interruption(call, "unknown", response.status);
}
