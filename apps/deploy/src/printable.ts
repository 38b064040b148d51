/** Escape sequences of terminals (ECMA-48): CSI and OSC sequences, and two-character ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)/g;

/** Control, format and separator characters except the line feed. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Makes a text of another program or server safe to print: escape sequences and invisible
 * characters are removed, and line feeds stay.
 *
 * @example
 * ```ts
 * printable("\u001b[2Jname\u202e"); // "name"
 * ```
 */
export function printable(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, "").replace(INVISIBLE, "");
}

/** {@link printable} as one line of at most `maxLength` characters. */
export function printableLine(text: string, maxLength = 200): string {
  return printable(text).replaceAll("\n", " ").slice(0, maxLength);
}
