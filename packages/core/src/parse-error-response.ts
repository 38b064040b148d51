import { containsSecret } from "./contains-secret.ts";
import { type ErrorBody, ErrorBodySchema, readIssues } from "./error-body.ts";
import { parseRetryAfter } from "./parse-retry-after.ts";
import { readJson } from "./read-json.ts";
import type { Call } from "./request-options.ts";
import { SecretsApiError, type SecretsApiErrorCode } from "./secrets-api-error.ts";
import { type Answer, describeInterruption, failedOutcome } from "./send.ts";
import { UPSTREAM_CODE_PATTERN } from "./upstream-code.ts";

const REQUEST_ID = /^[\w-]{1,64}$/;

/** The reasons that concern the API key itself. Other 401 and 403 concern the account. */
const API_KEY_REASONS: ReadonlySet<unknown> = new Set([
  "invalid_api_key",
  "invalid_authorization_header",
  "missing_permissions",
  "needs_authorization",
  "sign_in_required",
]);

/**
 * Statuses that do not say that the request was rejected: a proxy can send 408 for a request that it
 * passed on, and 425 asks for a retry (RFC 8470, section 5.2). 405 means that the base URL is wrong.
 */
const INCONCLUSIVE: ReadonlySet<number> = new Set([405, 408, 425]);

/**
 * Turns a response other than a success into an error.
 *
 * A 4xx proves that nothing was applied only if its body has one of the API's error shapes. Anything
 * else may come from a gateway or a firewall, so the code is `failed`.
 */
export async function parseErrorResponse(
  { response, sent }: Answer,
  call: Call,
): Promise<SecretsApiError> {
  const { status, headers } = response;
  const body = await readJson(response, ErrorBodySchema);
  if (body === undefined && call.deadline.signal.aborted) {
    return describeInterruption(call, failedOutcome(call), status);
  }
  const code = body === undefined ? "failed" : classify(status, body, call);
  const detail = body === undefined || Array.isArray(body.detail) ? undefined : body.detail;
  const isShowable = (text: string | null | undefined): text is string =>
    text != null && !containsSecret(text, sent);
  const ids = [headers.get("request-id"), headers.get("x-request-id"), detail?.request_id];
  return new SecretsApiError(code, {
    outcome: code === "failed" ? failedOutcome(call) : "not_applied",
    status,
    retryAfterMs: parseRetryAfter(headers.get("retry-after"), Date.now()),
    requestId: ids.filter(isShowable).find((id) => REQUEST_ID.test(id)),
    upstreamCode: [detail?.code, detail?.status]
      .filter(isShowable)
      .find((reason) => UPSTREAM_CODE_PATTERN.test(reason)),
    issues: body === undefined ? [] : readIssues(body),
    // A gateway can answer 502, 503 or 504 in the same shape for a call that is still running.
    handlerEnded: body !== undefined && status === 500,
  });
}

function classify(status: number, { detail }: ErrorBody, { operation }: Call): SecretsApiErrorCode {
  if (status < 400 || status >= 500 || INCONCLUSIVE.has(status)) return "failed";
  // The path without an id is fixed, so its 404 means that the base URL is wrong.
  if (status === 404) return operation.path.includes("{secret_id}") ? "not_found" : "failed";
  if (status === 429) return "rate_limited";
  const reasons = Array.isArray(detail) ? [] : [detail.code, detail.status];
  if (reasons.some((reason) => API_KEY_REASONS.has(reason))) return "api_key_refused";
  return status === 401 || status === 402 || status === 403 ? "refused" : "rejected";
}
