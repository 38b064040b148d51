import { ROUTES, type Route } from "../src/routes.ts";
import { operations } from "./operations.ts";
import { schemas } from "./schemas.ts";

const headerKey = (name: string, description: string) => ({
  type: "apiKey",
  in: "header",
  name,
  description,
});

/** The OpenAPI document of the Worker's routes. */
export const document = {
  openapi: "3.1.0",
  info: {
    title: "convai-secrets",
    version: "1.0.0",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/" }],
  security: [
    { token: [] },
    { apiKey: [] },
    { webhookId: [], webhookTimestamp: [], webhookSignature: [] },
  ],
  paths: Object.fromEntries([...ROUTES].map(([path, methods]) => [path, describePath(methods)])),
  components: {
    schemas,
    headers: {
      RequestId: { required: true, schema: { type: "string", format: "uuid" } },
      RetryAfter: {
        description: "Seconds to wait, where waiting helps",
        schema: { type: "integer", minimum: 0 },
      },
    },
    securitySchemes: {
      token: { type: "http", scheme: "bearer", description: "The sender's token" },
      apiKey: headerKey("xi-api-key", "The same token, where the ElevenLabs SDKs put a key"),
      webhookId: headerKey("webhook-id", "Standard Webhooks: the delivery's id"),
      webhookTimestamp: headerKey("webhook-timestamp", "Standard Webhooks: seconds"),
      webhookSignature: headerKey("webhook-signature", "Standard Webhooks: v1, HMAC-SHA256"),
    },
  },
};

/** HEAD needs no description of its own: it is GET without the body (RFC 9110, section 9.3.2). */
function describePath(methods: ReadonlyMap<string, Route>) {
  return Object.fromEntries(
    [...methods]
      .filter(([method]) => method !== "HEAD")
      .map(([method, route]) => [
        method.toLowerCase(),
        { operationId: route, ...operations[route] },
      ]),
  );
}
