import * as v from "valibot";

/** A delivery as its sender may see it. Read for its type and by the OpenAPI generator. */
export const DeliverySummarySchema = v.object({
  id: v.string(),
  name: v.string(),
  state: v.picklist(["pending", "unknown", "stored", "refused"]),
  secret_id: v.nullable(v.string()),
  created_at: v.pipe(v.string(), v.isoTimestamp()),
  last_seen_at: v.pipe(v.string(), v.isoTimestamp()),
  attempts: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** The output of {@link DeliverySummarySchema}. */
export type DeliverySummary = v.InferOutput<typeof DeliverySummarySchema>;

/** The body of `GET /v1/deliveries`; `next` is the `before` of the page after it. */
export const DeliveriesSchema = v.object({
  deliveries: v.pipe(v.array(DeliverySummarySchema), v.readonly()),
  next: v.nullable(v.string()),
});

/** The output of {@link DeliveriesSchema}. */
export type Deliveries = v.InferOutput<typeof DeliveriesSchema>;
