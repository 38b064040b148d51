import { SECRET_ID_PATTERN, UpdateSecretRequestSchema } from "@convai-secrets/core";
import { type Existing, PATHS } from "@convai-secrets/protocol";
import { isNameAllowed } from "../request/check-name.ts";
import { readDeliveryOptions } from "../request/delivery-options.ts";
import { parseJsonBody } from "../request/parse-json-body.ts";
import { parseSecret } from "../request/parse-secret.ts";
import { deliver } from "./deliver.ts";
import { secretNotFound } from "./respond-to-delivery.ts";
import type { SenderCall, SenderRoute } from "./route.ts";
import { UNSUPPORTED_OPERATIONS } from "./unsupported-operations.ts";

/**
 * `PATCH /v1/convai/secrets/{secret_id}`: replaces the value of a secret that this Worker manages
 * under exactly this name. It supports `update()` of the official SDKs and never renames a secret.
 */
export const updateSecretRoute: SenderRoute = {
  id: "updateSecret",
  method: "PATCH",
  path: PATHS.secret,
  otherMethods: UNSUPPORTED_OPERATIONS,
  access: "sender",
  event: "delivery",
  handle: updateSecret,
};

async function updateSecret(call: SenderCall): Promise<Response> {
  const { request, parameter: secretId, authenticated } = call;
  const { sender, readBody } = authenticated;
  const json = parseJsonBody(request.headers, await readBody());
  const secret = parseSecret(UpdateSecretRequestSchema, json, authenticated);
  const { existing, dryRun } = readDeliveryOptions(request.headers, sender.existing);
  // One answer for all: a sender does not learn which secrets others have.
  const mayUpdate = mayReplace(existing) && isNameAllowed(secret.name, sender.names);
  if (!mayUpdate || !SECRET_ID_PATTERN.test(secretId)) throw secretNotFound();
  return deliver(call, { operation: "update", existing, secretId, ...secret }, dryRun);
}

function mayReplace(existing: Existing): boolean {
  return existing === "update" || existing === "adopt";
}
