import * as v from "valibot";
import { type Issue, MAX_ISSUES } from "./issues.ts";

/** A field of another type must not invalidate the others. */
const optionalText = v.fallback(v.nullish(v.string()), undefined);

const ReasonSchema = v.pipe(
  v.object({
    code: optionalText,
    status: optionalText,
    request_id: optionalText,
    param: optionalText,
  }),
  v.check(({ code, status }) => Boolean(code) || Boolean(status), "must have a reason"),
);

const ValidationIssueSchema = v.object({ loc: v.array(v.unknown()), type: v.string() });

/**
 * The API's error bodies: `{detail:{code,…}}`, `{detail:{status,message}}`, and
 * `{detail:[{loc,msg,type}]}`. A body in another shape comes from a gateway or a firewall. Of a list,
 * only the first items are validated, because a longer one is cut there.
 */
export const ErrorBodySchema = v.object({
  detail: v.union([
    v.pipe(
      v.array(v.unknown()),
      v.nonEmpty(),
      v.transform((items) => items.slice(0, MAX_ISSUES)),
      v.array(ValidationIssueSchema),
    ),
    ReasonSchema,
  ]),
});

/** The output of {@link ErrorBodySchema}. */
export type ErrorBody = v.InferOutput<typeof ErrorBodySchema>;

/**
 * Pydantic's error types that can apply to our requests, as rules. The API's own text is dropped.
 * Beside it stands `input`: the rejected value or, for a missing field, the whole body.
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

const UNKNOWN_RULE = "was rejected";

/**
 * The only parts of a path that are kept. Any other part, an index too, could come from the value.
 */
const FIELDS: ReadonlySet<unknown> = new Set([
  "type",
  "name",
  "value",
  "secret_id",
  "page_size",
  "search",
  "cursor",
  "dependency_limit",
]);

/** The broken rules that an error body names, at most 20, without text of the API. */
export function readIssues({ detail }: ErrorBody): Issue[] {
  if (!Array.isArray(detail)) {
    const { param } = detail;
    return param != null && FIELDS.has(param) ? [{ path: param, rule: UNKNOWN_RULE }] : [];
  }
  return detail.map(({ loc, type }) => ({
    path: loc.filter((part) => FIELDS.has(part)).join("."),
    rule: RULES.get(type) ?? UNKNOWN_RULE,
  }));
}
