import { CreateSecretRequestSchema, StoredSecretSchema } from "@convai-secrets/core";
import { ProblemDocumentSchema } from "@convai-secrets/protocol";
import { toJsonSchemaDefs } from "@valibot/to-json-schema";
import { DeliveriesSchema, DeliverySummarySchema } from "../src/delivery-summary.ts";

const SCHEMAS = {
  CreateSecretRequest: CreateSecretRequestSchema,
  StoredSecret: StoredSecretSchema,
  Delivery: DeliverySummarySchema,
  Deliveries: DeliveriesSchema,
  Problem: ProblemDocumentSchema,
};

/** The document's `components.schemas`. */
export const schemas = toJsonSchemaDefs(SCHEMAS, {
  target: "draft-2020-12",
  // JSON Schema cannot say `check` (well-formed Unicode) and need not say `readonly`.
  ignoreActions: ["check", "readonly"],
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
});

/** A reference to one of them. */
export function reference(name: keyof typeof SCHEMAS): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
