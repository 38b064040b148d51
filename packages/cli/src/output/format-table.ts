import Table from "cli-table3";
import { paint } from "./paint.ts";

/** Two spaces between columns and nothing else: people read it, and awk does. */
const BARE = {
  chars: Object.fromEntries(
    [
      ...["top", "bottom", "mid"].flatMap((line) =>
        ["", "-mid", "-left", "-right"].map((end) => line + end),
      ),
      ...["left", "left-mid", "mid-mid", "right", "right-mid", "middle"],
    ].map((place) => [place, ""]),
  ),
  style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
};

/** A table for standard output. Cells must be printable. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    ...BARE,
    head: head.map((title) => paint(process.stdout, "bold", title)),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[^\S\n]+$/gm, "");
}
