/** `ignoreBOM: false` removes a byte order mark at the start. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * Decodes any input of the command by one rule: UTF-8, without its byte order mark, and without NUL.
 *
 * UTF-16 has NULs wherever it contains ASCII, so it is rejected with or without a byte order mark.
 */
export function decodeText(
  bytes: Uint8Array,
):
  | { readonly text: string; readonly rule?: never }
  | { readonly text?: never; readonly rule: string } {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { rule: "must be UTF-8; encode a binary value as text first" };
  }
  return text.includes("\0") ? { rule: "must not contain NUL; is it UTF-16?" } : { text };
}

/** Removes one line break at the end, which `echo` and editors add. */
export function removeFinalLineBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}
