import { createSecretRoute } from "./create-secret.ts";
import { getSenderRoute } from "./get-sender.ts";
import { healthzRoute } from "./healthz.ts";
import { listDeliveriesRoute } from "./list-deliveries.ts";
import { openapiRoute } from "./openapi.ts";
import type { Route } from "./route.ts";
import { updateSecretRoute } from "./update-secret.ts";

/** Every route of the Worker except the operator's. */
export const ROUTES: readonly Route[] = [
  createSecretRoute,
  updateSecretRoute,
  listDeliveriesRoute,
  getSenderRoute,
  healthzRoute,
  openapiRoute,
];
