import { HEADERS } from "@convai-secrets/protocol";
import { operations, parameters } from "./operations.ts";
import { responses } from "./responses.ts";
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
  paths: describePaths(),
  components: {
    schemas,
    responses,
    parameters,
    headers: {
      RequestId: { required: true, schema: { type: "string", format: "uuid" } },
      RetryAfter: {
        description: "Seconds to wait before a retry",
        schema: { type: "integer", minimum: 0 },
      },
    },
    securitySchemes: {
      token: { type: "http", scheme: "bearer", description: "The sender's token or an OIDC token" },
      apiKey: headerKey(
        HEADERS.apiKey,
        "The same token, where the ElevenLabs SDKs put the API key",
      ),
      webhookId: headerKey(HEADERS.webhookId, "Standard Webhooks: the delivery's id"),
      webhookTimestamp: headerKey(HEADERS.webhookTimestamp, "Standard Webhooks: seconds"),
      webhookSignature: headerKey(HEADERS.webhookSignature, "Standard Webhooks: v1, HMAC-SHA256"),
    },
  },
};

/** HEAD needs no description: it is GET without the body (RFC 9110, section 9.3.2). */
function describePaths() {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, group]) => [
      path,
      Object.fromEntries(
        group.map(({ id, method, description }) => [method, { operationId: id, ...description }]),
      ),
    ]),
  );
}
