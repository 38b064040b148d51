import { parseJson } from "@convai-secrets/protocol";
import * as v from "valibot";
import { DeployError } from "./deploy-error.ts";

const SecretsSchema = v.record(v.string(), v.string());

/**
 * Reads secrets from JSON: an object of strings by name.

 *
 * @throws {DeployError} with fixed text: a reason would quote the input
 */
export function parseSecrets(json: string): Record<string, string> {
  const parsed = parseJson(json);
  if (parsed.issue?.reason === "duplicate_key")
    throw new DeployError("Standard input must not contain duplicate keys.");
  if (!v.is(SecretsSchema, parsed.json) || Array.isArray(parsed.json))
    throw new DeployError("Standard input must be a JSON object of strings by name.");
  return parsed.json;
}
