import type { FailedOutcome, Issue } from "@convai-secrets/core";
import type { ProblemDocument } from "./problem-document.ts";
import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemCode } from "./problems.ts";

/** The members a problem has besides its code and detail, where they apply. */
export interface ProblemExtras {
  readonly issues?: readonly Issue[] | undefined;
  readonly outcome?: FailedOutcome | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly upstreamStatus?: number | undefined;
  readonly upstreamRequestId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A step's refusal, thrown to end the request. `detail` is fixed text: it names the field and the
 * rule and never quotes the caller, the upstream or a credential.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The answer: `application/problem+json` (RFC 9457). */
  toResponse(requestId: string): Response {
    const { status, title } = PROBLEMS[this.code];
    const { issues, outcome, retryable, retryAfterSeconds, upstreamRequestId } = this.extras;
    const headers = new Headers(this.extras.headers);
    headers.set("content-type", "application/problem+json");
    if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
    const body: ProblemDocument = {
      type: PROBLEM_TYPE_PREFIX + this.code,
      title,
      status,
      detail: this.message,
      code: this.code,
      request_id: requestId,
      errors: issues?.map(({ path, rule }) => ({ path, message: rule })),
      outcome,
      retryable,
      upstream_request_id: upstreamRequestId,
    };
    return new Response(JSON.stringify(body), { status, headers });
  }
}
