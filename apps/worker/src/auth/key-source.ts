import type { JWK } from "jose";

/** The keys of an issuer. */
export interface KeySet {
  /**
   * The key with this id. A token without a `kid` selects the only key of a set.
   *
   * @returns `undefined` unless it is exactly one
   */
  find(kid: unknown): JWK | undefined;
}

/** Where the keys of one issuer come from: the policy itself, or the issuer. */
export interface KeySource {
  /**
   * The keys to verify with, or `undefined` if there are none.
   *
   * @param now the time in milliseconds since the epoch
   */
  current(now: number): Promise<KeySet | undefined>;
  /** As {@link current}, after a token that names a key which is not among them. */
  refreshed(now: number): Promise<KeySet | undefined>;
  /** How long until keys may be there if there are none now, in milliseconds. */
  retryAfterMs(now: number): number;
}
