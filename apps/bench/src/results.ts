import type { Section } from "./section.ts";
import { formatTable } from "./table.ts";

const BEGIN = "<!-- results:begin, written by npm run bench -- --write -->";
const END = "<!-- results:end -->";

/** Writes the sections of a run as Markdown. */
export function formatResults(machine: string, sections: readonly Section[]): string {
  const parts = sections.map(
    ({ title, text, table }) => `### ${title}\n\n${text}\n\n${formatTable(table)}`,
  );
  return [
    `${machine} A figure is the median of all rounds; a ratio is taken within one round: median (least–greatest).`,
    ...parts,
  ].join("\n\n");
}

/**
 * Puts the results of a run between the markers of a document.
 *
 * @throws {Error} if the document does not have exactly one pair of markers
 */
export function replaceResults(document: string, results: string): string {
  const [before, rest, ...more] = document.split(BEGIN);
  const [, after, ...others] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`The document must have one ${BEGIN} and one ${END} after it`);
  }
  return `${before}${BEGIN}\n\n${results.trim()}\n\n${END}${after}`;
}
