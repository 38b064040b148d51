/**
 * How many requests a suite keeps open at a time. More than a busy machine serves would delay the
 * listing before a call past its time limit, and an outcome would rightly be unknown.
 */
export const MAX_OPEN_REQUESTS = 16;
