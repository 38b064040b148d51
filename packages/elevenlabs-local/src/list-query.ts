import type { ValidationIssue } from "./error-bodies.ts";
import type { ListPosition } from "./secret-store.ts";

const MAX_PAGE_SIZE = 100;

/** A number of the query from 1 to 100, undefined if it is missing, or the issue with it. */
export function readPageSize(
  query: Record<string, string>,
  field: "page_size" | "dependency_limit",
): number | undefined | ValidationIssue {
  const input = query[field];
  if (input === undefined) return undefined;
  const issue = { loc: ["query", field], input };
  if (!/^[+-]?\d+$/.test(input)) {
    return {
      ...issue,
      type: "int_parsing",
      msg: "Input should be a valid integer, unable to parse string as an integer",
    };
  }
  const size = Number(input);
  if (size < 1) {
    return {
      ...issue,
      type: "greater_than_equal",
      msg: "Input should be greater than or equal to 1",
      ctx: { ge: 1 },
    };
  }
  if (size > MAX_PAGE_SIZE) {
    return {
      ...issue,
      type: "less_than_equal",
      msg: `Input should be less than or equal to ${MAX_PAGE_SIZE}`,
      ctx: { le: MAX_PAGE_SIZE },
    };
  }
  return size;
}

/** An opaque cursor that stays valid if its secret is deleted. */
export function encodeCursor({ name, sequence }: ListPosition): string {
  return btoa(encodeURIComponent(JSON.stringify([name, sequence])));
}

/** The position of a cursor; undefined if the cursor is invalid. */
export function decodeCursor(cursor: string): ListPosition | undefined {
  try {
    const decoded: unknown = JSON.parse(decodeURIComponent(atob(cursor)));
    if (!Array.isArray(decoded)) return undefined;
    const [name, sequence] = decoded;
    return typeof name === "string" && typeof sequence === "number"
      ? { name, sequence }
      : undefined;
  } catch {
    return undefined;
  }
}
