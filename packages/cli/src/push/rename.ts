import { matchesPattern } from "@convai-secrets/protocol";

/** A pattern of names, and what such a name is changed to. In both, `*` is the same piece of text. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/**
 * Reads `OLD_*=NEW_*`, or `NEW_*`, which is short for `*=NEW_*`.
 *
 * @returns `undefined` if either side is empty or has more than one `*`, or only the new one has one
 */
export function parseRenaming(text: string): Renaming | undefined {
  const sides = text.includes("=") ? text.split("=") : ["*", text];
  const [from = "", to = ""] = sides;
  if (sides.length > 2 || from === "" || to === "") return undefined;
  const [inFrom, inTo] = [countStars(from), countStars(to)];
  // Without it every name would become the same one.
  const isWhole = from !== "*" || inTo === 1;
  return inFrom <= 1 && inTo <= inFrom && isWhole ? { from, to } : undefined;
}

function countStars(pattern: string): number {
  return pattern.split("*").length - 1;
}

/**
 * The new name, by the first renaming that matches. A name that matches no renaming stays as it is.
 *
 * @example
 * ```ts
 * rename("DB_URL", [{ from: "DB_*", to: "CRM_*" }]); // "CRM_URL"
 * ```
 */
export function rename(name: string, renamings: readonly Renaming[]): string {
  const renaming = renamings.find(({ from }) => matchesPattern(name, from));
  if (renaming === undefined) return name;
  const [head = "", tail = ""] = renaming.from.split("*");
  const middle = name.slice(head.length, name.length - tail.length);
  return renaming.to.replace("*", () => middle);
}
