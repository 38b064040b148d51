import { type CreateSecretRequest, CreateSecretRequestSchema } from "@convai-secrets/core";
import { describeIssues } from "@convai-secrets/core/internal";
import * as v from "valibot";
import { Problem } from "../problem.ts";

/**
 * Validates the secret of a POST.
 *
 * @param json the parsed body
 * @throws {Problem} `invalid_request`
 */
export function parseSecret(json: unknown): CreateSecretRequest {
  const result = v.safeParse(CreateSecretRequestSchema, json);
  if (result.success) return result.output;
  throw new Problem("invalid_request", "The body breaks the rules listed in errors", {
    issues: describeIssues(result.issues),
  });
}
