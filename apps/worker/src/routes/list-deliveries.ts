import { type DeliveriesPage, type DeliverySummary, PATHS } from "@convai-secrets/protocol";
import { openLedger } from "../ledger/ledger-client.ts";
import type { DeliveryEntry } from "../ledger/operator-view.ts";
import { Problem } from "../problem.ts";
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
  const list = await openLedger(env).list(sender.id, limit, before);
  if ("kind" in list) throw new Problem("misconfigured", "The ledger belongs to another host");
  entry.outcome = "listed";
  const page: DeliveriesPage = {
    deliveries: list.deliveries.map(summarize),
    next: list.next === null ? null : String(list.next),
  };
  return Response.json(page);
}

function summarize(delivery: DeliveryEntry): DeliverySummary {
  const { id, name, operation, state, secretId, createdAt, lastSeenAt, attempts } = delivery;
  return {
    id,
    name,
    operation,
    state,
    secret_id: secretId,
    created_at: new Date(createdAt).toISOString(),
    last_seen_at: new Date(lastSeenAt).toISOString(),
    attempts,
  };
}
