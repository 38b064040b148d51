/**
 * What a failed request did to the secret:
 *
 * - `not_applied`: this request applied nothing; an earlier request of the same delivery may have
 * - `unknown`: the secret may have been stored
 */
export const OUTCOMES = ["not_applied", "unknown"] as const;

/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number];
