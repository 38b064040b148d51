import {
  DELIVERY_ID_PATTERN,
  HEADERS,
  MAX_PAGE_SIZE,
  PATHS,
  type ProblemCode,
  RESULTS,
  SECRET_ID_PATTERN,
  WHOLE_NUMBER_PATTERN,
} from "@convai-secrets/protocol";
import { problems, success, VERSION } from "./responses.ts";
import { reference } from "./schemas.ts";

/** The problems of every route that a sender calls. */
const SENDER_PROBLEMS = [
  "malformed_body",
  "unauthenticated",
  "request_timeout",
  "payload_too_large",
  "invalid_request",
  "rate_limited",
  "internal_error",
  "issuer_unavailable",
  "misconfigured",
] as const satisfies readonly ProblemCode[];

/** The problems of a delivery: one code for each status is enough. */
const DELIVERY_PROBLEMS = [
  ...SENDER_PROBLEMS,
  "outcome_unknown",
  "unsupported_media_type",
  "upstream_failed",
  "upstream_timeout",
] as const satisfies readonly ProblemCode[];

const header = (name: string, description: string, schema: object) => ({
  name,
  in: "header",
  description,
  schema,
});

/** The document's `components.parameters`. */
export const parameters = {
  IdempotencyKey: header(
    HEADERS.idempotencyKey,
    "The delivery's id, if the request is not signed. Default: derived from the content",
    { type: "string", pattern: DELIVERY_ID_PATTERN.source },
  ),
  Existing: header(HEADERS.existing, "Rejects the delivery if the name exists", {
    const: "reject",
  }),
  DryRun: header(HEADERS.dryRun, "Checks the delivery and writes nothing", { const: "true" }),
};

const DELIVERY_HEADERS = Object.keys(parameters).map((name) => ({
  $ref: `#/components/parameters/${name}`,
}));

const delivered = success(
  "Stored, by this request or an earlier one of the same delivery; or what a dry run found",
  { oneOf: [reference("StoredSecret"), reference("DryRun")] },
  {
    [HEADERS.result]: { schema: { enum: RESULTS } },
    [HEADERS.replayed]: { schema: { const: "true" } },
  },
);

const body = (schema: object) => ({
  required: true,
  content: { "application/json": { schema } },
});

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
      summary: "Store a secret, once per delivery",
      parameters: DELIVERY_HEADERS,
      requestBody: body(reference("CreateSecretRequest")),
      responses: { ...delivered, ...problems("name_not_allowed", ...DELIVERY_PROBLEMS) },
    },
  },
  {
    id: "updateSecret",
    method: "patch",
    path: PATHS.secret,
    description: {
      summary: "Replace the value of a secret that this Worker manages",
      parameters: [
        {
          name: "secret_id",
          in: "path",
          required: true,
          schema: { type: "string", pattern: SECRET_ID_PATTERN.source },
        },
        ...DELIVERY_HEADERS,
      ],
      requestBody: body(reference("UpdateSecretRequest")),
      responses: { ...delivered, ...problems("secret_not_found", ...DELIVERY_PROBLEMS) },
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
          schema: { type: "string", pattern: WHOLE_NUMBER_PATTERN.source },
        },
      ],
      responses: { ...success("A page", reference("Deliveries")), ...problems(...SENDER_PROBLEMS) },
    },
  },
  {
    id: "getSender",
    method: "get",
    path: PATHS.sender,
    description: {
      summary: "Who the caller is and what it may do",
      responses: {
        ...success("The sender", reference("Sender")),
        ...problems(...SENDER_PROBLEMS),
      },
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
        ...success(
          "The configuration is complete and valid",
          { type: "object", properties: { status: { const: "ok" } }, required: ["status"] },
          VERSION,
        ),
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
      responses: {
        ...success("OpenAPI 3.1", { type: "object" }),
        ...problems("misconfigured"),
      },
    },
  },
];
