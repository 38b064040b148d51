import { SecretIdSchema } from "@convai-secrets/core";
import * as v from "valibot";

/** What a real delivery would do. */
export const DRY_RUN_EFFECTS = ["create", "update", "replay"] as const;

/** The answer to a dry run that found no problem. */
export const DryRunSchema = v.object({
  type: v.literal("dry_run"),
  would: v.picklist(DRY_RUN_EFFECTS),
  secret_id: v.optional(SecretIdSchema),
});

/** The output of {@link DryRunSchema}. */
export type DryRun = v.InferOutput<typeof DryRunSchema>;
