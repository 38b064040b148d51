import { describeIssues } from "@convai-secrets/core";
import * as v from "valibot";
import { Problem } from "./problem.ts";

/** Deliveries on a page. */
export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;

const wholeNumber = (max: number) =>
  v.pipe(
    v.string(),
    v.check(
      (text) => /^[1-9]\d{0,15}$/.test(text) && Number(text) <= max,
      `must be a whole number from 1 to ${max}`,
    ),
    v.transform(Number),
  );

const QuerySchema = v.strictObject(
  {
    limit: v.optional(wholeNumber(MAX_LIMIT), String(DEFAULT_LIMIT)),
    before: v.optional(wholeNumber(Number.MAX_SAFE_INTEGER)),
  },
  "is not a known parameter",
);

/**
 * Reads the query of `GET /v1/deliveries`.
 *
 * @throws {Problem} `invalid_request`
 */
export function parseDeliveriesQuery(
  parameters: URLSearchParams,
): v.InferOutput<typeof QuerySchema> {
  const result = v.safeParse(QuerySchema, Object.fromEntries(parameters));
  if (result.success) return result.output;
  throw new Problem("invalid_request", "The query breaks the rules listed in errors", {
    issues: describeIssues(result.issues),
    retryable: false,
  });
}
