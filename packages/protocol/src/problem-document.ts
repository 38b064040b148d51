import { OUTCOMES } from "@convai-secrets/core";
import { MAX_ISSUES, UPSTREAM_CODE_PATTERN } from "@convai-secrets/core/internal";
import * as v from "valibot";
import { PROBLEM_CODES } from "./problems.ts";

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
    v.pipe(v.array(v.object({ path: v.string(), message: v.string() })), v.maxLength(MAX_ISSUES)),
  ),
  upstream_request_id: v.optional(v.string()),
  upstream_code: v.optional(v.pipe(v.string(), v.regex(UPSTREAM_CODE_PATTERN))),
});

/** The output of {@link ProblemDocumentSchema}. */
export type ProblemDocument = v.InferOutput<typeof ProblemDocumentSchema>;
