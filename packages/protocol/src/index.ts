export {
  MAX_NAME_LENGTH,
  OUTCOMES,
  type Outcome,
  SECRET_ID_PATTERN,
  SecretIdSchema,
  SecretNameSchema,
  SecretValueSchema,
} from "@convai-secrets/core";
export {
  MAX_ISSUES as MAX_LISTED_ERRORS,
  UPSTREAM_CODE_PATTERN,
} from "@convai-secrets/core/internal";
export {
  decodeBase64,
  decodeSigningSecret,
  digestToken,
  encodeBase64Url,
  SigningSecretSchema,
  TOKEN_PATTERN,
  TokenSchema,
} from "./credentials.ts";
export {
  DELIVERY_STATES,
  type DeliveriesPage,
  DeliveriesPageSchema,
  type DeliveryState,
  type DeliverySummary,
  DeliverySummarySchema,
  OPERATIONS,
  type Operation,
  WHOLE_NUMBER_PATTERN,
} from "./deliveries-page.ts";
export { DELIVERY_ID_PATTERN, DELIVERY_ID_RULE, DERIVED_ID_PREFIX } from "./delivery-id.ts";
export { DRY_RUN_EFFECTS, type DryRun, DryRunSchema } from "./dry-run.ts";
export { DEFAULT_EXISTING, EXISTING_POLICIES, type Existing } from "./existing.ts";
export {
  generateLedgerKey,
  generateSigningSecret,
  generateToken,
  hashToken,
} from "./generate-credentials.ts";
export { type DeliveryResult, HEADERS, RESULTS } from "./headers.ts";
export {
  detectPlatform,
  ISSUER_PRESETS,
  type IssuerPlatform,
  isIssuerUrl,
  resolveIssuer,
} from "./issuers.ts";
export { isJwt } from "./jwt.ts";
export { LedgerKeySchema } from "./ledger-key.ts";
export {
  MAX_BODY_BYTES,
  MAX_BODY_MS,
  MAX_ID_TOKEN_BYTES,
  MAX_PAGE_SIZE,
  MAX_SIGNATURES,
  MAX_SIGNING_SECRETS,
  MAX_STORE_SECRET_BYTES,
  MAX_WORKER_SECRET_BYTES,
  RATE_LIMIT_PERIOD_SECONDS,
  TIMESTAMP_TOLERANCE_SECONDS,
} from "./limits.ts";
export { matchesPattern } from "./name-pattern.ts";
export { type OidcRule, OidcRuleSchema } from "./oidc-rule.ts";
export { type JsonIssue, type ParsedJson, parseJson } from "./parse-json.ts";
export { PATHS } from "./paths.ts";
export { type ProblemDocument, ProblemDocumentSchema } from "./problem-document.ts";
export {
  PROBLEM_CODES,
  PROBLEMS,
  type ProblemCode,
  type ProblemProperties,
  problemType,
} from "./problems.ts";
export {
  AUTHENTICATION_METHODS,
  type AuthenticationMethod,
  type SenderPage,
  SenderPageSchema,
} from "./sender-page.ts";
export { parseSenders, type Sender, SendersSchema } from "./senders.ts";
