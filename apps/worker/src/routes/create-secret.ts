import { CreateSecretRequestSchema } from "@convai-secrets/core";
import { PATHS } from "@convai-secrets/protocol";
import { checkName } from "../request/check-name.ts";
import { readDeliveryOptions } from "../request/delivery-options.ts";
import { parseJsonBody } from "../request/parse-json-body.ts";
import { parseSecret } from "../request/parse-secret.ts";
import { deliver } from "./deliver.ts";
import type { SenderCall, SenderRoute } from "./route.ts";
import { UNSUPPORTED_OPERATIONS } from "./unsupported-operations.ts";

/**
 * `POST /v1/convai/secrets`: stores a secret, once per delivery. If the name exists, the sender's
 * policy `existing` decides.
 */
export const createSecretRoute: SenderRoute = {
  id: "createSecret",
  method: "POST",
  path: PATHS.secrets,
  otherMethods: UNSUPPORTED_OPERATIONS,
  access: "sender",
  event: "delivery",
  handle: createSecret,
};

async function createSecret(call: SenderCall): Promise<Response> {
  const { request, authenticated } = call;
  const { sender, readBody } = authenticated;
  const json = parseJsonBody(request.headers, await readBody());
  const secret = parseSecret(CreateSecretRequestSchema, json, authenticated);
  checkName(secret.name, sender.names);
  const { existing, dryRun } = readDeliveryOptions(request.headers, sender.existing);
  return deliver(call, { operation: "create", existing, ...secret }, dryRun);
}
