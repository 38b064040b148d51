import type { ValidationIssue } from "./error-bodies.ts";
import { readPageSize } from "./list-query.ts";
import type { UsedBy } from "./used-by.ts";

const TYPES = ["tools", "agents", "phone_numbers"] as const;
const DEFAULT_PAGE_SIZE = 20;

/** One page of what uses a secret. */
interface DependenciesPage {
  readonly dependencies: readonly unknown[];
  readonly next_cursor: string | null;
}

/** The response of `GET …/{id}/dependencies/{type}`, or what is wrong with the request. */
export function listDependencies(
  usedBy: UsedBy,
  type: string,
  query: Record<string, string>,
): DependenciesPage | { readonly issue: ValidationIssue } {
  const known = TYPES.find((candidate) => candidate === type);
  if (known === undefined) {
    const expected = "'tools', 'agents' or 'phone_numbers'";
    const msg = `Input should be ${expected}`;
    const loc = ["path", "resource_type"];
    return { issue: { type: "enum", loc, msg, input: type, ctx: { expected } } };
  }
  const pageSize = readPageSize(query, "page_size");
  if (typeof pageSize === "object") return { issue: pageSize };
  const start = Number(query["cursor"] ?? 0);
  const end = start + (pageSize ?? DEFAULT_PAGE_SIZE);
  const all = usedBy[known];
  return {
    dependencies: all.slice(start, end),
    next_cursor: end < all.length ? String(end) : null,
  };
}
