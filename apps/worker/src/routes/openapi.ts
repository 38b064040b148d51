import { PATHS } from "@convai-secrets/protocol";
import document from "../openapi.json" with { type: "json" };
import type { PublicRoute } from "./route.ts";

/** Serialized once, because unauthenticated requests can ask for it as often as they like. */
const TEXT = JSON.stringify(document);

/** `GET /openapi.json`: the description of this Worker, as `npm run generate` writes it. */
export const openapiRoute: PublicRoute = {
  id: "openapi",
  method: "GET",
  path: PATHS.openapi,
  access: "public",
  handle: async () => new Response(TEXT, { headers: { "content-type": "application/json" } }),
};
