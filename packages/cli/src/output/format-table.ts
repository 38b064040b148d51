import stringWidth from "string-width";
import { paint } from "./paint.ts";

const PADDING = 2;

/**
 * A table for standard output, one line for each row. Cells must be printable. Two spaces between
 * columns and no lines, for people and for awk.
 */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => measureColumn(head, rows, column) + PADDING);
  return [head.map((title) => paint(process.stdout, "bold", title)), ...rows]
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join(""))
    .join("\n")
    .replace(/[^\S\n]+$/gm, "");
}

/**
 * How many of the first columns fit a width, at least one.
 *
 * @param width in characters; infinite for a pipe or a file
 */
export function countFittingColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): number {
  let used = 0;
  const fitting = head.findIndex((_, column) => {
    used += measureColumn(head, rows, column);
    const isTooWide = used > width;
    used += PADDING;
    return isTooWide;
  });
  return fitting === -1 ? head.length : Math.max(1, fitting);
}

/** Without spreading the rows into arguments, whose number a call limits. */
function measureColumn(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  column: number,
): number {
  let width = stringWidth(head[column] ?? "");
  for (const row of rows) width = Math.max(width, stringWidth(row[column] ?? ""));
  return width;
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(width - stringWidth(cell));
}
