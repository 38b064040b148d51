import { describeIssues } from "@convai-secrets/core";
import * as v from "valibot";
import type { Context } from "./context.js";
import { identify } from "./identify.js";
import { Problem } from "./problem.js";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

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
 * `GET /v1/deliveries?limit=&before=`: the sender's own deliveries, newest first, authenticated by
 * its token or by a signature over the empty body.
 *
 * @throws {Problem} as {@link identify}, or `invalid_request`
 */
export async function listDeliveries(request: Request, context: Context): Promise<Response> {
  const { sender } = await identify(request, context);
  const { limit, before } = parseQuery(new URL(request.url).searchParams);
  const { deliveries, next } = await context.env.LEDGER.getByName(sender.id).list(limit, before);
  context.entry.outcome = "listed";
  return Response.json({ deliveries, next: next === null ? null : String(next) });
}

function parseQuery(parameters: URLSearchParams): v.InferOutput<typeof QuerySchema> {
  const result = v.safeParse(QuerySchema, Object.fromEntries(parameters));
  if (result.success) return result.output;
  throw new Problem("invalid_request", "The query breaks the rules listed in errors", {
    issues: describeIssues(result.issues),
    retryable: false,
  });
}
