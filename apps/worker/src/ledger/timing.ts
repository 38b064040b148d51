/** After what time a listing that failed is worth another, in milliseconds. */
export const RELIST_MS = 5_000;

/**
 * How long the list can miss what an ended handler stored, in milliseconds. A 500 in the API's own
 * error shape shows that the handler has ended.
 */
export const LIST_LAG_MS = 5_000;
