import { validateDelivery } from "@convai-secrets/client";
import type { Issue } from "@convai-secrets/core/internal";
import type { FoundSecret } from "../formats/found-secret.ts";

/** A secret that breaks no rule. */
export interface CheckedSecret {
  readonly name: string;
  readonly value: string;
}

/** Checks every secret by the rules of the input and of the request, and finds duplicate names. */
export function checkSecrets(found: readonly FoundSecret[]): {
  readonly secrets: readonly CheckedSecret[];
  readonly issues: readonly Issue[];
} {
  const names = new Set<string>();
  const secrets: CheckedSecret[] = [];
  const issues = found.flatMap(({ name, value, origin, rules: inputRules }) => {
    const rules = [...inputRules];
    if (names.has(name)) rules.push("name must not be used twice");
    names.add(name);
    if (typeof value !== "string") rules.push("value must be a string");
    else if (inputRules.length === 0) {
      rules.push(...findBrokenRules(name, value));
      secrets.push({ name, value });
    }
    return rules.map((rule) => ({ path: origin, rule }));
  });
  return { secrets, issues };
}

function findBrokenRules(name: string, value: string): string[] {
  const rules = validateDelivery({ name, value }).map(({ path, message }) =>
    `${path} ${message}`.trim(),
  );
  return value.includes("\0") ? [...rules, "value must not contain NUL"] : rules;
}
