import { DEFAULT_LIMIT, MAX_LIMIT } from "../src/deliveries-query.ts";
import { DELIVERY_ID } from "../src/delivery-id.ts";
import type { Route } from "../src/routes.ts";
import { problems, success } from "./responses.ts";
import { reference } from "./schemas.ts";

const OF_THE_SENDER = [
  "malformed_body",
  "unauthenticated",
  "stale_timestamp",
  "payload_too_large",
  "invalid_request",
  "rate_limited",
  "outcome_unsettled",
  "misconfigured",
] as const;

/** What each route takes and answers. */
export const operations: Readonly<Record<Route, object>> = {
  createSecret: {
    summary: "Store a secret in the workspace, once per delivery id",
    parameters: [
      {
        name: "idempotency-key",
        in: "header",
        description:
          "The delivery's id, unless webhook-id is; without one it is derived from the content",
        schema: { type: "string", pattern: DELIVERY_ID.source },
      },
    ],
    requestBody: {
      required: true,
      content: { "application/json": { schema: reference("CreateSecretRequest") } },
    },
    responses: {
      ...success("Stored, now or by an earlier delivery", reference("StoredSecret"), {
        "idempotent-replayed": {
          description: "By an earlier delivery of the same id",
          schema: { const: "true" },
        },
      }),
      ...problems(
        ...OF_THE_SENDER,
        "invalid_idempotency_key",
        "name_not_allowed",
        "outcome_unknown",
        "unsupported_media_type",
        "idempotency_key_reused",
        "rejected_by_elevenlabs",
        "upstream_rate_limited",
        "upstream_key_refused",
        "upstream_failed",
        "upstream_timeout",
      ),
    },
  },
  listDeliveries: {
    summary: "The sender's own deliveries, newest first",
    parameters: [
      {
        name: "limit",
        in: "query",
        schema: { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
      },
      {
        name: "before",
        in: "query",
        description: "The next of the page before",
        schema: { type: "string", pattern: "^[1-9]\\d{0,15}$" },
      },
    ],
    responses: { ...success("A page", reference("Deliveries")), ...problems(...OF_THE_SENDER) },
  },
  healthz: {
    summary: "Whether the configuration is complete and valid",
    security: [],
    responses: {
      ...success("It is", {
        type: "object",
        properties: { status: { const: "ok" } },
        required: ["status"],
      }),
      ...problems("misconfigured"),
    },
  },
  openapi: {
    summary: "This document",
    security: [],
    responses: success("OpenAPI 3.1", { type: "object" }),
  },
};
