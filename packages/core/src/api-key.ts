/** An API key: an HTTP header value without white space (RFC 9110, section 5.5). */
export const API_KEY_PATTERN = /^[\x21-\x7e]+$/;
