/**
 * A delivery's id: 1 to 255 visible ASCII characters. The dot is excluded, because it separates the
 * parts of what Standard Webhooks signs.
 */
export const DELIVERY_ID_PATTERN = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;

/** The rule of {@link DELIVERY_ID_PATTERN}, to be read after the name of the field. */
export const DELIVERY_ID_RULE = "must be 1 to 255 visible ASCII characters without a dot";

/**
 * The start of an id that a client derived from the content, because the caller gave none. A signed
 * request cannot leave its id to the Worker, so the Worker treats an id with this start as one that
 * it derived itself: after a newer value of the name, it is a late retry (`superseded`) for
 * 10 minutes, and then a deliberate return to the old value.
 */
export const DERIVED_ID_PREFIX = "derived_";
