import { type Existing, HEADERS } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";

/** What the request headers say about a delivery. */
export interface DeliveryOptions {
  /** The sender's policy, or `reject` if the request is stricter. */
  readonly existing: Existing;
  readonly dryRun: boolean;
}

/**
 * Reads the headers `convai-secrets-existing` and `convai-secrets-dry-run`. Each has one allowed
 * value: a misspelt one would otherwise write what the caller did not want to be written.
 *
 * @param policy the sender's policy `existing`
 * @throws {Problem} `invalid_request`
 */
export function readDeliveryOptions(headers: Headers, policy: Existing): DeliveryOptions {
  return {
    existing: isSet(headers, HEADERS.existing, "reject") ? "reject" : policy,
    dryRun: isSet(headers, HEADERS.dryRun, "true"),
  };
}

function isSet(headers: Headers, name: string, allowed: string): boolean {
  const value = headers.get(name);
  if (value === null || value === allowed) return value !== null;
  throw new Problem("invalid_request", "A header breaks the rule listed in errors", {
    issues: [{ path: name, rule: `must be "${allowed}"` }],
  });
}
