export { BaseUrlSchema, DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "./base-url.js";
export { createSecret } from "./create-secret.js";
export { type CreateSecretRequest, CreateSecretRequestSchema } from "./create-secret-request.js";
export { type Deadline, startDeadline } from "./deadline.js";
export { holdsSecret } from "./holds-secret.js";
export { describeIssues, type Issue } from "./issues.js";
export { type ListSecretsOptions, listSecrets } from "./list-secrets.js";
export { readBody } from "./read-body.js";
export { parseRetryAfter } from "./read-refusal.js";
export type { RequestOptions } from "./request-options.js";
export {
  type FailedOutcome,
  SecretsApiError,
  type SecretsApiErrorCode,
  type SecretsApiErrorDetails,
} from "./secrets-api-error.js";
export { type StoredSecret, StoredSecretSchema } from "./stored-secret.js";
