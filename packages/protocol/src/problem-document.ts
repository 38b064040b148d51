import * as v from "valibot";
import { OUTCOMES } from "./outcome.ts";
import { PROBLEM_CODES } from "./problems.ts";

/** The most broken rules that one problem document lists. */
export const MAX_LISTED_ERRORS = 20;

/** A machine-readable reason of the upstream that may be shown. */
export const UPSTREAM_CODE_PATTERN = /^[a-z_]{1,64}$/;

/**
 * The body of every error answer, `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const ProblemDocumentSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.string(),
  code: v.picklist(PROBLEM_CODES),
  request_id: v.pipe(v.string(), v.uuid()),
  outcome: v.picklist(OUTCOMES),
  retryable: v.boolean(),
  errors: v.optional(
    v.pipe(
      v.array(v.object({ path: v.string(), message: v.string() })),
      v.maxLength(MAX_LISTED_ERRORS),
    ),
  ),
  upstream_request_id: v.optional(v.string()),
  upstream_code: v.optional(v.pipe(v.string(), v.regex(UPSTREAM_CODE_PATTERN))),
});

/** The output of {@link ProblemDocumentSchema}. */
export type ProblemDocument = v.InferOutput<typeof ProblemDocumentSchema>;
