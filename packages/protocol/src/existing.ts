/**
 * What a sender's policy does if a secret with the name exists:
 *
 * - `create`: creates another secret, as the upstream does
 * - `reject`: rejects the delivery
 * - `update`: replaces the value of a secret that this Worker created
 * - `adopt`: as `update`, and takes over a secret that someone else created, if it is the only one
 */
export const EXISTING_POLICIES = ["create", "reject", "update", "adopt"] as const;

/** One of {@link EXISTING_POLICIES}. */
export type Existing = (typeof EXISTING_POLICIES)[number];

/** The policy of a sender that does not set one. */
export const DEFAULT_EXISTING: Existing = "create";
