import { markdownTable } from "markdown-table";
import type { Spread } from "./statistics.ts";

/** A table: the titles of its columns, then its rows. The first column is text, the others figures. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes a table as Markdown. */
export function formatTable({ head, rows }: Table): string {
  const align = head.map((_, column) => (column === 0 ? "left" : "right"));
  return markdownTable(
    [head, ...rows].map((row) => [...row]),
    { align },
  );
}

/** A median with the least and the greatest, to two places. */
export function formatRatio(spread: Spread | undefined): string {
  if (spread === undefined) return "";
  const { median, min, max } = spread;
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** A median in a unit, to three digits, with thousands separated. */
export function formatNumber(spread: Spread | undefined, unit = 1): string {
  if (spread === undefined) return "";
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(spread.median / unit);
}
