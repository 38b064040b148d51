import { createSecretRoute } from "./create-secret.ts";
import { healthzRoute } from "./healthz.ts";
import { listDeliveriesRoute } from "./list-deliveries.ts";
import { openapiRoute } from "./openapi.ts";
import type { Route } from "./route.ts";

/** Every route of the webhook. */
export const ROUTES: readonly Route[] = [
  createSecretRoute,
  listDeliveriesRoute,
  healthzRoute,
  openapiRoute,
];
