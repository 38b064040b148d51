import { readBody, startDeadline } from "@convai-secrets/core/internal";
import { parseJson } from "@convai-secrets/protocol";

/** The longest document that is read, in bytes after decompression. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;

/** Why a document could not be used. Fixed words, safe to log. */
export type FetchFailure = "unreachable" | "timed_out" | "redirected" | "refused" | "unreadable";

/** A document, or why there is none. */
export type FetchedJson =
  | { readonly json: unknown; readonly failure?: never }
  | { readonly json?: never; readonly failure: FetchFailure };

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Fetches a JSON document: status 200, at most {@link MAX_DOCUMENT_BYTES}, UTF-8, no redirects. A
 * redirect would let one host of an issuer hand its role to another host.
 *
 * @param timeoutMs the limit for the whole exchange, in milliseconds
 * @example
 * ```ts
 * const { json, failure } = await fetchJson("https://id.example.com/keys", 5_000, fetch);
 * ```
 */
export async function fetchJson(
  url: string,
  timeoutMs: number,
  fetch: Fetch,
): Promise<FetchedJson> {
  const deadline = startDeadline(timeoutMs, undefined);
  try {
    return await deadline.race(read(url, fetch, deadline.signal));
  } catch {
    // The reason can quote the URL and what the server sent.
    return { failure: deadline.hasPassed() ? "timed_out" : "unreachable" };
  } finally {
    deadline.clear();
  }
}

async function read(url: string, fetch: Fetch, signal: AbortSignal): Promise<FetchedJson> {
  const headers = { accept: "application/json" };
  const response = await fetch(url, { headers, redirect: "manual", signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    const isRedirect = response.status >= 300 && response.status < 400;
    return { failure: isRedirect ? "redirected" : "refused" };
  }
  const bytes = await readBody(response, MAX_DOCUMENT_BYTES);
  if (bytes === undefined) return { failure: "unreadable" };
  try {
    const { json, issue } = parseJson(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes),
    );
    return issue === undefined ? { json } : { failure: "unreadable" };
  } catch {
    return { failure: "unreadable" };
  }
}
