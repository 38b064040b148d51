import { matchesPattern } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";

/** Whether one of a sender's patterns allows the name. */
export function isNameAllowed(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesPattern(name, pattern));
}

/**
 * Rejects a name that none of the sender's patterns allows.
 *
 * @throws {Problem} `name_not_allowed`
 */
export function checkName(name: string, patterns: readonly string[]): void {
  if (isNameAllowed(name, patterns)) return;
  throw new Problem("name_not_allowed", "This sender's patterns do not allow the name", {
    issues: [{ path: "name", rule: "must match a pattern of this sender" }],
  });
}
