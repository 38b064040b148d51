import * as v from "valibot";

/** The API's host outside the data residency regions; the default of every operation. */
export const DEFAULT_BASE_URL = "https://api.elevenlabs.io";

/**
 * The hosts of workspaces with data residency, by region.
 *
 * @see https://elevenlabs.io/docs/overview/administration/data-residency
 */
export const RESIDENCY_BASE_URLS = {
  us: "https://api.us.elevenlabs.io",
  eu: "https://api.eu.residency.elevenlabs.io",
  in: "https://api.in.residency.elevenlabs.io",
  sg: "https://api.sg.residency.elevenlabs.io",
} as const;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether what is sent to a URL cannot be read on the way: `https`, or `http` on loopback. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

/**
 * A URL that the API key may be sent to: absolute, without user info, query or fragment, and `https`
 * unless the host is loopback. Its output has no trailing slash.
 */
export const BaseUrlSchema = v.pipe(
  v.string("must be a string"),
  v.check((text) => URL.canParse(text), "must be an absolute URL"),
  v.transform((text) => new URL(text)),
  v.check(isConfidential, "must use https unless its host is loopback"),
  v.check(
    ({ username, password, search, hash }) => `${username}${password}${search}${hash}` === "",
    "must not contain user info, a query or a fragment",
  ),
  v.transform(({ origin, pathname }) => origin + pathname.replace(/\/+$/, "")),
);
