import * as v from "valibot";

/**
 * The states of a delivery:
 *
 * - `waiting`: received; an earlier call for the name may still be running
 * - `pending`: a call to the upstream has started, and no outcome is recorded
 * - `unknown`: the outcome of the last call is not known yet
 * - `stored`, `rejected`, `superseded`: settled; only a new attempt under the same id changes them
 */
export const DELIVERY_STATES = [
  "waiting",
  "pending",
  "unknown",
  "stored",
  "rejected",
  "superseded",
] as const;

/** One of {@link DELIVERY_STATES}. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What a delivery does to its secret. */
export const OPERATIONS = ["create", "update"] as const;

/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];

const timestamp = v.pipe(v.string(), v.isoTimestamp());

/** One delivery of a sender, as `GET /v1/deliveries` lists it. Times are ISO 8601 in UTC. */
export const DeliverySummarySchema = v.object({
  id: v.string(),
  name: v.string(),
  operation: v.picklist(OPERATIONS),
  state: v.picklist(DELIVERY_STATES),
  secret_id: v.nullable(v.string()),
  created_at: timestamp,
  last_seen_at: timestamp,
  /** Calls to the upstream that could write. */
  attempts: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** The output of {@link DeliverySummarySchema}. */
export type DeliverySummary = v.InferOutput<typeof DeliverySummarySchema>;

/** How `next` and the query parameters `before` and `limit` are written. */
export const WHOLE_NUMBER_PATTERN = /^[1-9]\d{0,15}$/;

/** The body of `GET /v1/deliveries`, newest first. */
export const DeliveriesPageSchema = v.object({
  deliveries: v.pipe(v.array(DeliverySummarySchema), v.readonly()),
  /** The query parameter `before` of the next page; `null` on the last page. */
  next: v.nullable(v.pipe(v.string(), v.regex(WHOLE_NUMBER_PATTERN))),
});

/** The output of {@link DeliveriesPageSchema}. */
export type DeliveriesPage = v.InferOutput<typeof DeliveriesPageSchema>;
