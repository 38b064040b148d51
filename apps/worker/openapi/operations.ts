import { DELIVERY_ID_PATTERN, HEADERS, MAX_PAGE_SIZE, PATHS } from "@convai-secrets/protocol";
import { problems, success } from "./responses.ts";
import { reference } from "./schemas.ts";

/** The problems of every route that a sender calls. */
const SENDER_PROBLEMS = [
  "malformed_body",
  "request_timeout",
  "unauthenticated",
  "stale_timestamp",
  "payload_too_large",
  "invalid_request",
  "rate_limited",
  "issuer_unavailable",
  "misconfigured",
  "internal_error",
] as const;

interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "patch";
  readonly path: string;
  readonly description: object;
}

/** What each route takes and answers. A test compares the list with the Worker's ROUTES. */
export const operations: readonly Operation[] = [
  {
    id: "createSecret",
    method: "post",
    path: PATHS.secrets,
    description: {
      summary: "Store a secret in the workspace, once per delivery id",
      parameters: [
        {
          name: HEADERS.idempotencyKey,
          in: "header",
          description:
            "The delivery's id, if the request is not signed. Without an id, one is derived from the content",
          schema: { type: "string", pattern: DELIVERY_ID_PATTERN.source },
        },
      ],
      requestBody: {
        required: true,
        content: { "application/json": { schema: reference("CreateSecretRequest") } },
      },
      responses: {
        ...success(
          "The secret is stored, by this request or by an earlier one of the same delivery",
          reference("StoredSecret"),
          {
            [HEADERS.replayed]: {
              description: "The answer is the stored one of an earlier request",
              schema: { const: "true" },
            },
          },
        ),
        ...problems(
          ...SENDER_PROBLEMS,
          "invalid_idempotency_key",
          "name_not_allowed",
          "outcome_unsettled",
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
  },
  {
    id: "listDeliveries",
    method: "get",
    path: PATHS.deliveries,
    description: {
      summary: "The sender's own deliveries, newest first",
      parameters: [
        {
          name: "limit",
          in: "query",
          schema: { type: "integer", minimum: 1, maximum: MAX_PAGE_SIZE, default: MAX_PAGE_SIZE },
        },
        {
          name: "before",
          in: "query",
          description: "The member next of the previous page",
          schema: { type: "string", pattern: "^[1-9]\\d{0,15}$" },
        },
      ],
      responses: { ...success("A page", reference("Deliveries")), ...problems(...SENDER_PROBLEMS) },
    },
  },
  {
    id: "healthz",
    method: "get",
    path: PATHS.healthz,
    description: {
      summary: "Whether the configuration is complete and valid",
      security: [],
      responses: {
        ...success("The configuration is complete and valid", {
          type: "object",
          properties: { status: { const: "ok" } },
          required: ["status"],
        }),
        ...problems("misconfigured"),
      },
    },
  },
  {
    id: "openapi",
    method: "get",
    path: PATHS.openapi,
    description: {
      summary: "This document",
      security: [],
      responses: success("OpenAPI 3.1", { type: "object" }),
    },
  },
];
