export { BaseUrlSchema, DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "./base-url.ts";
export { containsSecret as holdsSecret } from "./contains-secret.ts";
export { type Deadline, startDeadline } from "./deadline.ts";
export { describeIssues, type Issue } from "./issues.ts";
export {
  type CreateSecretRequest,
  CreateSecretRequestSchema,
  createSecret,
} from "./operations/create-secret.ts";
export {
  type ListSecretsOptions,
  listSecrets,
  type UnreadableSecret,
} from "./operations/list-secrets.ts";
export {
  type UpdateSecretRequest,
  UpdateSecretRequestSchema,
  updateSecret,
} from "./operations/update-secret.ts";
export { OUTCOMES, type Outcome, type Outcome as FailedOutcome } from "./outcome.ts";
export { parseRetryAfter } from "./parse-retry-after.ts";
export { readBody } from "./read-body.ts";
export type { RequestOptions } from "./request-options.ts";
export { SECRET_ID_PATTERN, SecretIdSchema } from "./secret-id.ts";
export { MAX_NAME_LENGTH, SecretNameSchema, SecretValueSchema } from "./secret-name.ts";
export {
  SecretsApiError,
  type SecretsApiErrorCode,
  type SecretsApiErrorDetails,
} from "./secrets-api-error.ts";
export { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";
