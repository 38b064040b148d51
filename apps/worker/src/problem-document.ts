import * as v from "valibot";
import { PROBLEMS, type ProblemCode } from "./problems.ts";

/** The body of an answer other than a success. Read for its type and by the OpenAPI generator. */
export const ProblemDocumentSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.string(),
  code: v.picklist(Object.keys(PROBLEMS) as ProblemCode[]),
  request_id: v.pipe(v.string(), v.uuid()),
  errors: v.optional(v.array(v.object({ path: v.string(), message: v.string() }))),
  outcome: v.optional(v.picklist(["not_created", "unknown"])),
  retryable: v.optional(v.boolean()),
  upstream_request_id: v.optional(v.string()),
});

/** The output of {@link ProblemDocumentSchema}. */
export type ProblemDocument = v.InferOutput<typeof ProblemDocumentSchema>;
