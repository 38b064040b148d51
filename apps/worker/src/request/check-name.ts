import { matchesPattern } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";

/**
 * Rejects a name that none of the sender's patterns allows.
 *
 * @throws {Problem} `name_not_allowed`
 */
export function checkName(name: string, patterns: readonly string[]): void {
  if (patterns.some((pattern) => matchesPattern(name, pattern))) return;
  throw new Problem("name_not_allowed", "This sender's patterns do not allow the name", {
    issues: [{ path: "name", rule: "must match a pattern of this sender" }],
  });
}
