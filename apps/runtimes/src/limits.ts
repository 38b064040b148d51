import type { Limits } from "./runtime.ts";

const RESENDS = "its fetch resends a POST when a reused connection is closed";

const LOST_CONNECTION = "core errors: a lost connection is the answer to one request";

/**
 * Deno 2.9, found by running. It sends each request once if no connection is reused:
 * `Deno.createHttpClient({ poolMaxIdlePerHost: 0 })`.
 */
export const DENO_LIMITS: Limits = { [LOST_CONNECTION]: RESENDS };

/**
 * Chromium, by design. A page cannot change it.
 *
 * @see https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_network_transaction.cc
 */
export const CHROMIUM_LIMITS: Limits = {
  [LOST_CONNECTION]: RESENDS,
  "core errors: a 408 is the answer to one request":
    "it resends a POST when a reused connection answers 408",
};
