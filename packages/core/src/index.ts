export { BaseUrlSchema, DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "./base-url.ts";
export type { Issue } from "./issues.ts";
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
export { OUTCOMES, type Outcome } from "./outcome.ts";
export type { RequestOptions } from "./request-options.ts";
export { SECRET_ID_PATTERN, SecretIdSchema } from "./secret-id.ts";
export { MAX_NAME_LENGTH, SecretNameSchema, SecretValueSchema } from "./secret-name.ts";
export {
  SecretsApiError,
  type SecretsApiErrorCode,
  type SecretsApiErrorDetails,
} from "./secrets-api-error.ts";
export { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";
