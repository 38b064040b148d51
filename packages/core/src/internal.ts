/*
 * What the other packages of this repository share with this one. It is not part of the public API
 * and can change in any release.
 */
export { API_KEY_PATTERN } from "./api-key.ts";
export { isConfidential } from "./base-url.ts";
export type { CheckLine, CheckStatus } from "./check/check-line.ts";
export { checkUpstream } from "./check/check-upstream.ts";
export { type ConnectionFailure, classifyConnectionFailure } from "./connection-failure.ts";
export { containsSecret } from "./contains-secret.ts";
export { type Deadline, MAX_TIMEOUT_MS, startDeadline } from "./deadline.ts";
export { describeFieldName, describeIssues, type Issue, MAX_ISSUES } from "./issues.ts";
export { parseRetryAfter } from "./parse-retry-after.ts";
export { readBody } from "./read-body.ts";
export { UPSTREAM_CODE_PATTERN } from "./upstream-code.ts";
