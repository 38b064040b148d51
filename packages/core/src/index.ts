export { BaseUrlSchema, DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "./base-url.ts";
export { createSecret } from "./create-secret.ts";
export { type CreateSecretRequest, CreateSecretRequestSchema } from "./create-secret-request.ts";
export { type Deadline, startDeadline } from "./deadline.ts";
export { holdsSecret } from "./holds-secret.ts";
export { describeIssues, type Issue } from "./issues.ts";
export { type ListSecretsOptions, listSecrets } from "./list-secrets.ts";
export { readBody } from "./read-body.ts";
export { parseRetryAfter } from "./read-refusal.ts";
export type { RequestOptions } from "./request-options.ts";
export {
  type FailedOutcome,
  SecretsApiError,
  type SecretsApiErrorCode,
  type SecretsApiErrorDetails,
} from "./secrets-api-error.ts";
export { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";
