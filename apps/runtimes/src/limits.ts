import type { Limits } from "./runtime.ts";

const RESENDS = "its fetch sends a POST again when a connection it reuses is closed";

const ONE_REQUEST = "core, its errors: come of one request after";

/**
 * Deno: no request is sent twice on a connection of its own, which
 * `Deno.createHttpClient({ poolMaxIdlePerHost: 0 })` gives. Found by running, with Deno 2.9.
 */
export const DENO_LIMITS: Limits = { [`${ONE_REQUEST} a lost connection`]: RESENDS };

/**
 * Chromium, by design and beyond the reach of a page.
 *
 * @see https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_network_transaction.cc
 */
export const CHROMIUM_LIMITS: Limits = {
  [`${ONE_REQUEST} a lost connection`]: RESENDS,
  [`${ONE_REQUEST} a 408`]: "it sends a POST again when a connection it reuses answers 408",
};
