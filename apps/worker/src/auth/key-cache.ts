import { startDeadline } from "@convai-secrets/core/internal";
import { type DiscoveredKeys, discoverKeys } from "./discovery.ts";
import { type Fetch, fetchJson } from "./fetch-json.ts";
import { parseKeySet } from "./key-set.ts";
import type { KeySet, KeySource } from "./key-source.ts";

/** The limit for one load of keys, discovery included, in milliseconds. */
export const MAX_LOAD_MS = 5_000;

/** Loads begin at least this far apart, whether they succeed or not, in milliseconds. */
export const MIN_LOAD_INTERVAL_MS = 60_000;

/** Older keys are loaded again before they are used, so that withdrawn keys go, in milliseconds. */
export const FRESH_KEYS_MS = 10 * 60_000;

/** The age at which keys are no longer used although no newer ones could be loaded, in milliseconds. */
export const MAX_KEYS_AGE_MS = 24 * 60 * 60_000;

/** Why keys could not be loaded. Fixed words, safe to log. */
export type KeyLoadFailure = NonNullable<DiscoveredKeys["failure"]>;

/** Where the keys of an issuer are, and what a cache needs of its surroundings. */
export interface KeyCacheOptions {
  readonly issuer: string;
  /** Default: from the issuer's discovery document. */
  readonly jwksUrl?: string | undefined;
  readonly fetch: Fetch;
  /**
   * Keeps a load running if the request that began it ends, since other requests wait for it.
   * Default: nothing, for runtimes where it continues anyway.
   */
  readonly waitUntil?: ((load: Promise<unknown>) => void) | undefined;
  /** Receives what happened to each load. */
  readonly onLoad?: ((issuer: string, failure: KeyLoadFailure | undefined) => void) | undefined;
}

/**
 * The keys of one issuer in the memory of one isolate.
 *
 * A flood of tokens cannot turn it against the issuer: one load at a time, one a minute, counted
 * from its start. An issuer that fails cannot stop deliveries: keys stay valid for
 * {@link MAX_KEYS_AGE_MS} after they were loaded. Nothing in a token decides where keys come from.
 */
export class KeyCache implements KeySource {
  readonly #options: KeyCacheOptions;
  #keys: { readonly set: KeySet; readonly loadedAt: number } | undefined;
  #load: { readonly startedAt: number; readonly finished: Promise<void> } | undefined;

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  async current(now: number): Promise<KeySet | undefined> {
    const isFresh = this.#keys !== undefined && now - this.#keys.loadedAt < FRESH_KEYS_MS;
    if (!isFresh) await this.#loadUnlessTooSoon(now);
    return this.#usable(now);
  }

  async refreshed(now: number): Promise<KeySet | undefined> {
    await this.#loadUnlessTooSoon(now);
    return this.#usable(now);
  }

  retryAfterMs(now: number): number {
    return Math.max(0, (this.#load?.startedAt ?? 0) + MIN_LOAD_INTERVAL_MS - now);
  }

  #usable(now: number): KeySet | undefined {
    if (this.#keys === undefined || now - this.#keys.loadedAt > MAX_KEYS_AGE_MS) return undefined;
    return this.#keys.set;
  }

  /**
   * Begins a load, or waits for the one that is running. A load whose request was cut off can stay
   * unfinished: each request waits in its own time, and not for a load that is past its limit.
   */
  async #loadUnlessTooSoon(now: number): Promise<void> {
    const age = this.#load === undefined ? undefined : now - this.#load.startedAt;
    if (age === undefined || age >= MIN_LOAD_INTERVAL_MS) {
      this.#load = { startedAt: now, finished: this.#run(now) };
      this.#options.waitUntil?.(this.#load.finished);
    } else if (age > MAX_LOAD_MS) return;
    const deadline = startDeadline(MAX_LOAD_MS, undefined);
    await deadline.race(this.#load?.finished).catch(() => {});
    deadline.clear();
  }

  /**
   * Never rejects: a failed load leaves the keys as they are, and so does one that was overtaken by
   * a newer one.
   */
  async #run(now: number): Promise<void> {
    const { set, failure } = await this.#fetchKeys();
    const isNewer = this.#keys === undefined || now > this.#keys.loadedAt;
    if (set !== undefined && isNewer) this.#keys = { set, loadedAt: now };
    this.#options.onLoad?.(this.#options.issuer, failure);
  }

  async #fetchKeys(): Promise<{ set?: KeySet; failure?: KeyLoadFailure }> {
    const { issuer, fetch } = this.#options;
    const start = Date.now();
    const { jwksUrl, failure } =
      this.#options.jwksUrl === undefined
        ? await discoverKeys(issuer, MAX_LOAD_MS, fetch)
        : { jwksUrl: this.#options.jwksUrl };
    if (failure !== undefined) return { failure };
    const left = Math.max(1, MAX_LOAD_MS - (Date.now() - start));
    const document = await fetchJson(jwksUrl, left, fetch);
    if (document.failure !== undefined) return { failure: document.failure };
    const set = parseKeySet(document.json);
    return set === undefined ? { failure: "unreadable" } : { set };
  }
}
