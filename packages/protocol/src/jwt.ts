import { MAX_ID_TOKEN_BYTES } from "./limits.ts";

/** A compact JWS with a signature (RFC 7515, section 3.1). */
const JWT_PATTERN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Whether a text has the form of a signed JWT, and a length that the Worker parses. */
export function isJwt(text: string): boolean {
  return text.length <= MAX_ID_TOKEN_BYTES && JWT_PATTERN.test(text);
}
