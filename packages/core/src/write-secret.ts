import * as v from "valibot";
import { containsSecret } from "./contains-secret.ts";
import { describeIssues } from "./issues.ts";
import type { Operation } from "./operation.ts";
import { parseErrorResponse } from "./parse-error-response.ts";
import { readJson } from "./read-json.ts";
import { type Call, type RequestOptions, runCall } from "./request-options.ts";
import { SecretsApiError } from "./secrets-api-error.ts";
import { type Answer, describeInterruption, type SecretBody, send } from "./send.ts";
import { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";

/** What a write sends. */
interface WriteContent {
  readonly json: SecretBody;
  /** The secret in the path of an update. */
  readonly secretId?: string;
}

/**
 * Sends one request that writes a secret.
 *
 * @throws {SecretsApiError}
 */
export async function writeSecret(
  operation: Operation,
  { json, secretId }: WriteContent,
  options: RequestOptions,
): Promise<StoredSecret> {
  return runCall(operation, options, async (call) => {
    const pathParameters = secretId === undefined ? {} : { secret_id: secretId };
    const answer = await send(call, options, { json, pathParameters });
    if (!answer.response.ok) throw await parseErrorResponse(answer, call);
    return readStoredSecret(answer, call, { name: json.name, secretId });
  });
}

/**
 * Checks a request before anything is sent.
 *
 * @throws {SecretsApiError} `invalid_request`
 */
export function validate<Schema extends v.GenericSchema>(
  schema: Schema,
  request: v.InferInput<Schema>,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, request);
  if (result.success) return result.output;
  const issues = describeIssues(result.issues);
  throw new SecretsApiError("invalid_request", { outcome: "not_applied", issues });
}

/**
 * Reads a success. The outcome is unknown if it cannot be read, contains the value or the API key,
 * or is about another secret.
 */
async function readStoredSecret(
  { response, sent }: Answer,
  call: Call,
  expected: { readonly name: string; readonly secretId: string | undefined },
): Promise<StoredSecret> {
  const stored = await readJson(response, StoredSecretSchema);
  const isUsable =
    stored !== undefined &&
    !containsSecret(stored.secret_id, sent) &&
    (stored.name === expected.name || !containsSecret(stored.name, sent)) &&
    (expected.secretId === undefined || stored.secret_id === expected.secretId);
  if (isUsable) return stored;
  throw describeInterruption(call, "unknown", response.status);
}
