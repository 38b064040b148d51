import type { Issue } from "@convai-secrets/core/internal";
import {
  MAX_LISTED_ERRORS,
  PROBLEMS,
  type ProblemCode,
  type ProblemDocument,
  problemType,
} from "@convai-secrets/protocol";

/** What a problem may have besides its code and its detail. */
export interface ProblemDetails {
  readonly issues?: readonly Issue[] | undefined;
  /** Sent as `retry-after`. Only for codes that are retryable. */
  readonly retryAfterSeconds?: number | undefined;
  readonly upstreamStatus?: number | undefined;
  readonly upstreamCode?: string | undefined;
  readonly upstreamRequestId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The one error of the Worker: thrown by any step, it ends the request with a problem document.
 *
 * Status, title, `outcome` and `retryable` follow from the code (PROBLEMS in
 * `@convai-secrets/protocol`). `detail` is fixed text: it names the field and the rule and never
 * quotes the caller, the upstream or a credential.
 *
 * @example
 * ```ts
 * throw new Problem("malformed_body", "The body must be JSON");
 * ```
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, detail: string, details: ProblemDetails = {}) {
    super(detail);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The answer: `application/problem+json` (RFC 9457). */
  toResponse(requestId: string): Response {
    const { status, title, outcome, retryable } = PROBLEMS[this.code];
    const { issues, retryAfterSeconds, upstreamCode, upstreamRequestId } = this.details;
    const headers = new Headers(this.details.headers);
    headers.set("content-type", "application/problem+json");
    if (retryable && retryAfterSeconds !== undefined) {
      headers.set("retry-after", String(retryAfterSeconds));
    }
    const body: ProblemDocument = {
      type: problemType(this.code),
      title,
      status,
      detail: this.message,
      code: this.code,
      request_id: requestId,
      outcome,
      retryable,
      errors: issues
        ?.slice(0, MAX_LISTED_ERRORS)
        .map(({ path, rule }) => ({ path, message: rule })),
      upstream_request_id: upstreamRequestId,
      upstream_code: upstreamCode,
    };
    return new Response(JSON.stringify(body), { status, headers });
  }
}
