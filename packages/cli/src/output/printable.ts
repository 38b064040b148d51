/** Characters that move a cursor, colour a terminal, or change the direction of text. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Escapes the characters of a text that a terminal would act on. */
export function printable(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
