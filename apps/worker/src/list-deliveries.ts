import type { Context } from "./context.ts";
import { parseDeliveriesQuery } from "./deliveries-query.ts";
import type { Deliveries } from "./delivery-summary.ts";
import { identify } from "./identify.ts";

/**
 * `GET /v1/deliveries?limit=&before=`: the sender's own deliveries, newest first, authenticated by
 * its token or by a signature over the empty body.
 *
 * @throws {Problem} as {@link identify}, or `invalid_request`
 */
export async function listDeliveries(request: Request, context: Context): Promise<Response> {
  const { sender } = await identify(request, context);
  const { limit, before } = parseDeliveriesQuery(new URL(request.url).searchParams);
  const { deliveries, next } = await context.env.LEDGER.getByName(sender.id).list(limit, before);
  context.entry.outcome = "listed";
  const page: Deliveries = { deliveries, next: next === null ? null : String(next) };
  return Response.json(page);
}
