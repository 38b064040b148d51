import { describeIssues } from "@convai-secrets/core/internal";
import { MAX_PAGE_SIZE, WHOLE_NUMBER_PATTERN } from "@convai-secrets/protocol";
import * as v from "valibot";
import { Problem } from "../problem.ts";

const wholeNumber = (max: number) =>
  v.pipe(
    v.array(v.string()),
    v.length(1, "must not be repeated"),
    v.transform(([text = ""]) => text),
    v.check(
      (text) => WHOLE_NUMBER_PATTERN.test(text) && Number(text) <= max,
      `must be a whole number from 1 to ${max}`,
    ),
    v.transform(Number),
  );

const QuerySchema = v.strictObject(
  {
    limit: v.optional(wholeNumber(MAX_PAGE_SIZE), [String(MAX_PAGE_SIZE)]),
    before: v.optional(wholeNumber(Number.MAX_SAFE_INTEGER)),
  },
  "is not a known parameter",
);

/**
 * Parses the query of `GET /v1/deliveries`.
 *
 * @throws {Problem} `invalid_request`
 */
export function parseDeliveriesQuery(
  parameters: URLSearchParams,
): v.InferOutput<typeof QuerySchema> {
  const values = [...parameters.keys()].map((name) => [name, parameters.getAll(name)]);
  const result = v.safeParse(QuerySchema, Object.fromEntries(values));
  if (result.success) return result.output;
  throw new Problem("invalid_request", "The query breaks the rules listed in errors", {
    issues: describeIssues(result.issues),
  });
}
