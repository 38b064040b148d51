import { PATHS } from "@convai-secrets/protocol";
import { checkName } from "../request/check-name.ts";
import { hashDeliveryId, readDeliveryId } from "../request/delivery-id.ts";
import { parseJsonBody } from "../request/parse-json-body.ts";
import { parseSecret } from "../request/parse-secret.ts";
import { respondToDelivery } from "./respond-to-delivery.ts";
import type { SenderCall, SenderRoute } from "./route.ts";

/** `POST /v1/convai/secrets`: stores a secret, once per delivery. */
export const createSecretRoute: SenderRoute = {
  id: "createSecret",
  method: "POST",
  path: PATHS.secrets,
  access: "sender",
  event: "delivery",
  handle: createSecret,
};

async function createSecret({ request, env, authenticated, entry }: SenderCall): Promise<Response> {
  const { sender, readBody } = authenticated;
  const secret = parseSecret(parseJsonBody(request.headers, await readBody()));
  checkName(secret.name, sender.names);
  entry.name = secret.name;
  const id = readDeliveryId(authenticated, request.headers, secret.value);

  if (id !== undefined) entry.delivery = await hashDeliveryId(id);
  const ledger = env.LEDGER.getByName(sender.id);
  const { deliveryId, delivered } = await ledger.deliver({ senderId: sender.id, id, secret });
  if (id === undefined && deliveryId !== undefined) {
    entry.delivery = await hashDeliveryId(deliveryId);
  }

  return respondToDelivery(delivered, entry);
}
