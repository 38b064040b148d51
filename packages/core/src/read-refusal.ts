import * as v from "valibot";
import type { Issue } from "./issues.ts";
import { readJson } from "./read-json.ts";
import {
  type FailedOutcome,
  SecretsApiError,
  type SecretsApiErrorCode,
} from "./secrets-api-error.ts";
import type { Answer } from "./send.ts";

/** A field of another type must not cost the others. */
const optionalText = v.fallback(v.nullish(v.string()), undefined);

/** The three shapes of the API's error bodies; what is not read is not kept. */
const ErrorBodySchema = v.object({
  detail: v.union([
    v.array(v.object({ loc: v.array(v.union([v.string(), v.number()])), type: v.string() })),
    v.object({
      status: optionalText,
      code: optionalText,
      request_id: optionalText,
      param: optionalText,
    }),
  ]),
});
type ErrorBody = v.InferOutput<typeof ErrorBodySchema>;

/**
 * Pydantic's error types that can apply to a request of ours, as rules. The API's own text is
 * dropped: beside it stands `input`, the offending value or, for a missing field, the whole body.
 */
const RULES: ReadonlyMap<string, string> = new Map([
  ["extra_forbidden", "is not a known field"],
  ["literal_error", "must be one of the allowed values"],
  ["missing", "is required"],
  ["string_pattern_mismatch", "must match the required pattern"],
  ["string_too_long", "is too long"],
  ["string_too_short", "is too short"],
  ["string_type", "must be a string"],
  ["value_error", "must be valid"],
]);

/** The only field names that may pass: anything else in a path could be the caller's own text. */
const FIELDS = new Set(["type", "name", "value"]);
const REQUEST_ID = /^[\w-]{1,64}$/;

/**
 * Turns an answer other than a success into an error, by its status first; its body only adds to it.
 *
 * A 4xx says that nothing was done, but for 408, which a proxy may send of a request that was passed
 * on. After a 5xx or a redirect the outcome is `otherwise`: unknown, if the request could create.
 */
export async function readRefusal(
  { response, sent }: Answer,
  otherwise: FailedOutcome = "unknown",
): Promise<SecretsApiError> {
  const { status, headers } = response;
  const body = await readJson(response, ErrorBodySchema);
  const detail = Array.isArray(body?.detail) ? undefined : body?.detail;
  const refused = status >= 400 && status < 500 && status !== 408;
  const code = refused ? codeOf(status, [detail?.status, detail?.code]) : "failed";
  return new SecretsApiError(code, {
    outcome: refused ? "not_created" : otherwise,
    status,
    retryAfterMs: parseRetryAfter(headers.get("retry-after"), Date.now()),
    requestId: readRequestId(
      [headers.get("request-id"), headers.get("x-request-id"), detail?.request_id],
      sent,
    ),
    issues: body === undefined ? [] : readIssues(body),
  });
}

function codeOf(status: number, reasons: readonly unknown[]): SecretsApiErrorCode {
  if (status === 403 || reasons.includes("missing_permissions")) return "permission_missing";
  if (status === 401) return "api_key_invalid";
  return status === 429 ? "rate_limited" : "rejected";
}

function readIssues({ detail }: ErrorBody): Issue[] {
  if (!Array.isArray(detail)) {
    return detail.param != null && FIELDS.has(detail.param)
      ? [{ path: detail.param, rule: "was refused" }]
      : [];
  }
  return detail.map(({ loc, type }) => ({
    path: loc.filter((part) => typeof part === "number" || FIELDS.has(part)).join("."),
    rule: RULES.get(type) ?? "was refused",
  }));
}

/** The first that looks like an id and is not what was sent, echoed. */
function readRequestId(
  ids: readonly (string | null | undefined)[],
  sent: readonly string[],
): string | undefined {
  const isId = (id: string | null | undefined) =>
    id != null && REQUEST_ID.test(id) && !sent.some((secret) => id.includes(secret));
  return ids.find(isId) ?? undefined;
}

/**
 * Reads `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3).
 *
 * @param now the time in milliseconds since the epoch
 * @returns milliseconds, at least 0; `undefined` if absent or malformed
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
