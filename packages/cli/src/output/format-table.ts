import Table from "cli-table3";
import { paint } from "./paint.ts";

const PADDING = 2;

/** Two spaces between columns and no lines, for people and for awk. */
const BARE = {
  chars: Object.fromEntries(
    [
      ...["top", "bottom", "mid"].flatMap((line) =>
        ["", "-mid", "-left", "-right"].map((end) => line + end),
      ),
      ...["left", "left-mid", "mid-mid", "right", "right-mid", "middle"],
    ].map((place) => [place, ""]),
  ),
  style: { head: [], border: [], "padding-left": 0, "padding-right": PADDING },
};

/** A table for standard output, one line for each row. Cells must be printable. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    ...BARE,
    head: head.map((title) => paint(process.stdout, "bold", title)),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[^\S\n]+$/gm, "");
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
  const fitting = head.findIndex((title, column) => {
    const cells = [title, ...rows.map((row) => row[column] ?? "")];
    used += Math.max(...cells.map((cell) => [...cell].length));
    const isTooWide = used > width;
    used += PADDING;
    return isTooWide;
  });
  return fitting === -1 ? head.length : Math.max(1, fitting);
}
