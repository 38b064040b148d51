import { parseRetryAfter } from "@convai-secrets/core/internal";
import { type Outcome, PROBLEMS, ProblemDocumentSchema } from "@convai-secrets/protocol";
import * as v from "valibot";
import type { DeliveryErrorCode, DeliveryIssue } from "./delivery-error.ts";
import type { SecretFilter } from "./secret-filter.ts";

/** Why an attempt failed. */
export interface Failure {
  readonly code: DeliveryErrorCode;
  readonly outcome: Outcome;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly upstreamCode?: string | undefined;
  readonly issues?: readonly DeliveryIssue[] | undefined;
  readonly retryAfterMs?: number | undefined;
}

const lenient = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined);

const { code, outcome, retryable, request_id, errors, upstream_code } =
  ProblemDocumentSchema.entries;

/**
 * The members of a problem document (RFC 9457) that are kept; its texts are not. One member of
 * another type does not invalidate the others.
 */
const ProblemSchema = v.object({
  code: lenient(code),
  outcome: lenient(outcome),
  retryable: lenient(retryable),
  request_id: lenient(request_id),
  upstream_code: lenient(upstream_code),
  errors: lenient(errors),
});

/** The fields that a call sends; any other path could be text of the server. */
const FIELDS = new Set(["", "type", "name", "value", "limit", "before", "secret_id"]);

/** How the Worker words a rule, after the name of the field. */
const RULE = /^(?:must|is|was) [a-z0-9 ,"-]{1,100}$/i;

/** The 4xx statuses after which the same request can succeed. */
const TRANSIENT = new Set([408, 425, 429]);

/**
 * Turns an answer other than a success into a failure: by the problem document, and by the status
 * where the document says nothing.
 *
 * @param json the body, if it is JSON
 * @param now milliseconds since the epoch
 */
export function readProblem(
  { status, headers }: Response,
  json: unknown,
  secrets: SecretFilter,
  now: number,
): Failure {
  const result = v.safeParse(ProblemSchema, json);
  const problem = result.success ? result.output : {};
  const known = problem.code === undefined ? undefined : PROBLEMS[problem.code];
  const isTransient = TRANSIENT.has(status) || status >= 500;
  const show = (text: string | undefined) =>
    text === undefined || secrets.contains(text) ? undefined : text;
  return {
    code: problem.code ?? "unreadable_answer",
    outcome: problem.outcome ?? known?.outcome ?? guessOutcome(status),
    retryable: isTransient && (problem.retryable ?? known?.retryable ?? true),
    status,
    requestId: show(problem.request_id),
    upstreamCode: show(problem.upstream_code),
    issues: (problem.errors ?? []).map(({ path, message }) => ({
      path: FIELDS.has(path) ? path : "?",
      message: RULE.test(message) && !secrets.contains(message) ? message : "was rejected",
    })),
    retryAfterMs: parseRetryAfter(headers.get("retry-after"), now),
  };
}

/**
 * A 4xx says that nothing was applied, except 408, which a proxy may send after it passed the request
 * on, and 409, which says that something exists.
 */
function guessOutcome(status: number): Outcome {
  const isRejected = status >= 400 && status < 500 && status !== 408 && status !== 409;
  return isRejected ? "not_applied" : "unknown";
}
