import type { Statement } from "./statement.ts";

const BASE64 = /^[A-Za-z0-9+/]+$/;

/** Padding at the end of a line of base64 looks like an assignment: `QUJD=` or `QUJD==`. */
const PADDED_LINE = /^[A-Za-z0-9+/]+={1,2}$/;

/** A name that people choose, rather than a piece of base64. */
const CONVENTIONAL_NAME = /^[A-Z][A-Z0-9_]*$/;

/** The widths at which base64, openssl, PEM and MIME wrap lines. */
const WIDTHS = new Set([60, 64, 72, 76, 80]);

/** A shorter value is not wrapped. */
const MIN_LENGTH = 40;

/** Whether an assignment is the last line of a base64 value that starts with the statement before. */
export function isWrappedBase64(previous: Statement | undefined, statement: Statement): boolean {
  if (statement.kind !== "assignment" || !PADDED_LINE.test(statement.text)) return false;
  if (previous?.kind === "unreadable") return BASE64.test(previous.text);
  if (previous?.kind !== "assignment" || !BASE64.test(previous.value)) return false;
  if (previous.value.length < MIN_LENGTH) return false;
  const isFullLine = WIDTHS.has(previous.value.length) || WIDTHS.has(previous.text.length);
  return isFullLine || !CONVENTIONAL_NAME.test(statement.name);
}
