import { DeliveryError, writeBody } from "@convai-secrets/client";
import type { Issue } from "@convai-secrets/core";
import type { FoundSecret } from "../input/found-secret.ts";

/** A secret that breaks no rule known on this side. */
export interface CheckedSecret {
  readonly name: string;
  readonly value: string;
}

/** Holds every secret against the rules of the request, and their names against each other. */
export function checkSecrets(found: readonly FoundSecret[]): {
  readonly secrets: readonly CheckedSecret[];
  readonly issues: readonly Issue[];
} {
  const names = new Set<string>();
  const secrets: CheckedSecret[] = [];
  const issues = found.flatMap(({ name, value, origin }) => {
    const rules = [...(names.has(name) ? ["name must not be used twice"] : [])];
    names.add(name);
    if (typeof value === "string") {
      rules.push(...findBrokenRules(name, value));
      secrets.push({ name, value });
    } else rules.push("value must be a string");
    return rules.map((rule) => ({ path: origin, rule }));
  });
  return { secrets, issues };
}

function findBrokenRules(name: string, value: string): string[] {
  try {
    writeBody(name, value);
    return [];
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    if (error.issues.length === 0) return ["must not be larger than 64 KiB"];
    return error.issues.map(({ path, message }) => `${path} ${message}`);
  }
}
