import type { DeliveryContent, DeliveryReport } from "../ledger/delivery-outcome.ts";
import { openLedger } from "../ledger/ledger-client.ts";
import type { LogEntry } from "../log.ts";
import { hashDeliveryId, readDeliveryId } from "../request/delivery-id.ts";
import { respondToDelivery } from "./respond-to-delivery.ts";
import type { SenderCall } from "./route.ts";

/**
 * Hands a parsed secret to the ledger and answers with its outcome.
 *
 * @throws {Problem} `invalid_idempotency_key`, or the problem of the outcome
 */
export async function deliver(
  { request, env, authenticated, entry }: SenderCall,
  content: DeliveryContent,
  dryRun: boolean,
): Promise<Response> {
  entry.name = content.name;
  entry.dry_run = dryRun || undefined;
  const id = readDeliveryId(authenticated, request.headers, content.value);
  if (id !== undefined) entry.delivery = await hashDeliveryId(id);

  const senderId = authenticated.sender.id;
  const report = await openLedger(env).deliver({ senderId, id, content, dryRun });
  await logReport(report, entry);
  return respondToDelivery(report.outcome, entry);
}

async function logReport(report: DeliveryReport, entry: LogEntry): Promise<void> {
  const { deliveryId, operation, listings, calls } = report;
  if (deliveryId !== undefined) entry.delivery ??= await hashDeliveryId(deliveryId);
  entry.operation = operation;
  entry.calls = calls;
  entry.listings = listings.length;
  entry.failed_listings = listings.filter((end) => end === "failed").length;
  entry.impossible_listings = listings.filter((end) => end === "impossible").length;
}
