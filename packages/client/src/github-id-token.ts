import { readBody, startDeadline } from "@convai-secrets/core/internal";
import { MAX_ID_TOKEN_BYTES } from "@convai-secrets/protocol";
import * as v from "valibot";

/** Where a GitHub Actions job gets its OIDC token, and for which audience. */
export interface GitHubIdTokenOptions {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL`. The job needs `permissions: id-token: write`. */
  readonly requestUrl: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly requestToken: string;
  /** The `audience` of the sender's policy. */
  readonly audience: string;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 4 * MAX_ID_TOKEN_BYTES;

/** A token that expires sooner is replaced before it is used. */
const MIN_LIFETIME_MS = 60_000;

const AnswerSchema = v.object({ value: v.string() });
const ClaimsSchema = v.object({ exp: v.number() });

/**
 * Creates the `idToken` option of a GitHub Actions job. A token is kept until 1 minute before it
 * expires; GitHub issues it for 5 minutes.
 *
 * @returns a function that rejects, without a piece of any token, if GitHub issues no token
 * @example
 * ```ts
 * const idToken = createGitHubIdTokenSource({ requestUrl, requestToken, audience: url });
 * await deliverSecret({ url, idToken, name, value });
 * ```
 * @see https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function createGitHubIdTokenSource(options: GitHubIdTokenOptions): () => Promise<string> {
  let current: { readonly token: Promise<string>; expiresAt: number } | undefined;
  return () => {
    if (current !== undefined && current.expiresAt - Date.now() > MIN_LIFETIME_MS) {
      return current.token;
    }
    const next = { token: requestToken(options), expiresAt: Number.POSITIVE_INFINITY };
    next.token.then(
      (token) => {
        next.expiresAt = readExpiry(token);
      },
      () => {
        next.expiresAt = 0;
      },
    );
    current = next;
    return next.token;
  };
}

async function requestToken(options: GitHubIdTokenOptions): Promise<string> {
  const { requestUrl, requestToken: bearer, audience, fetch = globalThis.fetch } = options;
  const deadline = startDeadline(REQUEST_TIMEOUT_MS, undefined);
  try {
    const url = new URL(requestUrl);
    url.searchParams.set("audience", audience);
    const response = await deadline.race(
      fetch(url, {
        headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
        redirect: "manual",
        signal: deadline.signal,
      }),
    );
    const bytes = await deadline.race(readBody(response, MAX_ANSWER_BYTES));
    if (!response.ok) throw new Error();
    return v.parse(AnswerSchema, JSON.parse(new TextDecoder().decode(bytes))).value;
  } catch {
    // The reason may contain the request with its token.
    throw new Error("GitHub issued no OIDC token");
  } finally {
    deadline.clear();
  }
}

/** The `exp` of a token in milliseconds. It is not verified: the Worker does that. */
function readExpiry(token: string): number {
  try {
    const payload = token.split(".")[1] ?? "";
    const json = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return v.parse(ClaimsSchema, JSON.parse(json)).exp * 1000;
  } catch {
    return 0;
  }
}
