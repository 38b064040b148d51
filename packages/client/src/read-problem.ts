import { type FailedOutcome, parseRetryAfter } from "@convai-secrets/core";
import * as v from "valibot";
import type { DeliveryErrorCode, DeliveryIssue } from "./delivery-error.ts";
import { PROBLEM_CODES } from "./problem-codes.ts";

/** Why an attempt failed. */
export interface Failure {
  readonly code: DeliveryErrorCode;
  readonly outcome: FailedOutcome;
  readonly retryable: boolean;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly issues?: readonly DeliveryIssue[] | undefined;
  readonly retryAfterMs?: number | undefined;
}

const lenient = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined);

/**
 * What is read of a problem document (RFC 9457); the rest, its texts included, is not kept. A field
 * of another type must not cost the others.
 */
const ProblemSchema = v.object({
  code: lenient(v.picklist(PROBLEM_CODES)),
  outcome: lenient(v.picklist(["not_created", "unknown"])),
  retryable: lenient(v.boolean()),
  request_id: lenient(v.pipe(v.string(), v.uuid())),
  errors: lenient(v.array(v.object({ path: v.string(), message: v.string() }))),
});

/** The fields that a call sends: anything else in a path could be somebody's own text. */
const FIELDS = new Set(["", "type", "name", "value", "limit", "before"]);

/** How the Worker words a rule, after the name of the field. */
const RULE = /^(?:must|is|was) [a-z0-9 ,"-]{1,100}$/;

/** Answers after which the same request may do better. */
const TRANSIENT = new Set([408, 425, 429]);

/**
 * Turns an answer other than a success into a failure: by its status, unless it is a problem
 * document, which says more.
 *
 * @param json the body, if it was JSON
 * @param isSecret tells whether a text must not be shown
 * @param now the time in milliseconds since the epoch
 */
export function readProblem(
  { status, headers }: Response,
  json: unknown,
  isSecret: (text: string) => boolean,
  now: number,
): Failure {
  const result = v.safeParse(ProblemSchema, json);
  const problem = result.success ? result.output : {};
  const { code = "unreadable_answer", outcome, request_id, errors = [] } = problem;
  const isTransient = TRANSIENT.has(status) || status >= 500;
  return {
    code,
    outcome: outcome ?? guessOutcome(status),
    retryable: isTransient && problem.retryable !== false,
    status,
    requestId: request_id === undefined || isSecret(request_id) ? undefined : request_id,
    issues: errors.slice(0, MAX_ISSUES).map(({ path, message }) => ({
      path: FIELDS.has(path) ? path : "?",
      message: RULE.test(message) && !isSecret(message) ? message : "was refused",
    })),
    retryAfterMs: parseRetryAfter(headers.get("retry-after"), now),
  };
}

const MAX_ISSUES = 20;

/**
 * A 4xx says that nothing was done, but for 408, which a proxy may send of a request that it passed
 * on, and 409, which says that there is something already.
 */
function guessOutcome(status: number): FailedOutcome {
  const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 409;
  return isRefused ? "not_created" : "unknown";
}
