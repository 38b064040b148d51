import { checkName } from "./check-name.ts";
import type { Context } from "./context.ts";
import { hashDeliveryId, readDeliveryId } from "./delivery-id.ts";
import { identify } from "./identify.ts";
import { parseSecret } from "./parse-secret.ts";
import { respond } from "./respond.ts";

/**
 * `POST /v1/convai/secrets`, the whole flow:
 *
 * 1. read the raw bytes, and authenticate: which sender signed them, or whose token it is
 * 2. parse: JSON of the right shape, a name the sender may store, the delivery's id
 * 3. deliver: the sender's ledger forwards it exactly once, with the bound key
 * 4. respond: upstream's answer, or a problem document
 *
 * @throws {Problem} of any step
 */
export async function createSecret(request: Request, context: Context): Promise<Response> {
  const { env, entry } = context;
  const { sender, credentials, body } = await identify(request, context);

  const secret = parseSecret(request.headers, body);
  checkName(secret.name, sender.names);
  entry.name = secret.name;
  const id = readDeliveryId(credentials, request.headers, secret.value);

  if (id !== undefined) entry.delivery = await hashDeliveryId(id);
  const ledger = env.LEDGER.getByName(sender.id);
  const { deliveryId, delivered } = await ledger.deliver({ senderId: sender.id, id, secret });
  if (id === undefined && deliveryId !== undefined) {
    entry.delivery = await hashDeliveryId(deliveryId);
  }

  return respond(delivered, entry);
}
