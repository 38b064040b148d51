import { PATHS } from "@convai-secrets/protocol";
import { parseDeliveriesQuery } from "../request/deliveries-query.ts";
import type { SenderCall, SenderRoute } from "./route.ts";

/** `GET /v1/deliveries?limit=&before=`: the sender's own deliveries, newest first. */
export const listDeliveriesRoute: SenderRoute = {
  id: "listDeliveries",
  method: "GET",
  path: PATHS.deliveries,
  access: "sender",
  event: "deliveries",
  handle: listDeliveries,
};

async function listDeliveries({
  request,
  env,
  authenticated: { sender },
  entry,
}: SenderCall): Promise<Response> {
  const { limit, before } = parseDeliveriesQuery(new URL(request.url).searchParams);
  const { deliveries, next } = await env.LEDGER.getByName(sender.id).list(limit, before);
  entry.outcome = "listed";
  return Response.json({ deliveries, next: next === null ? null : String(next) });
}
