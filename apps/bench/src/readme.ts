const BEGIN = "<!-- bench:begin, written by npm run bench -->";
const END = "<!-- bench:end -->";

/**
 * Puts a run's text between the markers of a document.
 *
 * @throws {Error} if it has not exactly one place for it
 */
export function replaceResults(document: string, text: string): string {
  const [before, rest, ...more] = document.split(BEGIN);
  const [, after, ...others] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`The document must have one ${BEGIN} and one ${END} after it`);
  }
  return `${before}${BEGIN}\n\n${text.trim()}\n\n${END}${after}`;
}
