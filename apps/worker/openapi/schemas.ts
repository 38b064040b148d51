import {
  CreateSecretRequestSchema,
  StoredSecretSchema,
  UpdateSecretRequestSchema,
} from "@convai-secrets/core";
import {
  DeliveriesPageSchema,
  DeliverySummarySchema,
  DryRunSchema,
  ProblemDocumentSchema,
  SenderPageSchema,
} from "@convai-secrets/protocol";
import { toJsonSchemaDefs } from "@valibot/to-json-schema";

const SCHEMAS = {
  CreateSecretRequest: CreateSecretRequestSchema,
  UpdateSecretRequest: UpdateSecretRequestSchema,
  StoredSecret: StoredSecretSchema,
  DryRun: DryRunSchema,
  Delivery: DeliverySummarySchema,
  Deliveries: DeliveriesPageSchema,
  Sender: SenderPageSchema,
  Problem: ProblemDocumentSchema,
};

/** The document's `components.schemas`. */
export const schemas = toJsonSchemaDefs(SCHEMAS, {
  target: "draft-2020-12",
  // JSON Schema has no equivalent of these checks, and does not need `readonly`.
  ignoreActions: ["check", "partial_check", "readonly", "forward"],
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
});

/** A reference to one of them. */
export function reference(name: keyof typeof SCHEMAS): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
