import { isIssuerUrl } from "@convai-secrets/protocol";
import * as v from "valibot";
import { type Fetch, type FetchFailure, fetchJson } from "./fetch-json.ts";

/** The address of an issuer's keys, or why it is not known. */
export type DiscoveredKeys =
  | { readonly jwksUrl: string; readonly failure?: never }
  | { readonly jwksUrl?: never; readonly failure: FetchFailure | "wrong_issuer" | "wrong_host" };

const DiscoverySchema = v.object({ issuer: v.string(), jwks_uri: v.string() });

/**
 * Finds the address of an issuer's keys in its discovery document.
 *
 * The document must name exactly this issuer, and keys on the same origin: the sender's policy
 * trusts one host, and a document cannot extend that trust to another. An issuer whose keys are on
 * another host needs `jwksUrl` in the policy.
 *
 * @param issuer the `iss` of its tokens
 * @param timeoutMs in milliseconds
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export async function discoverKeys(
  issuer: string,
  timeoutMs: number,
  fetch: Fetch,
): Promise<DiscoveredKeys> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const { json, failure } = await fetchJson(url, timeoutMs, fetch);
  if (failure !== undefined) return { failure };
  const { success, output } = v.safeParse(DiscoverySchema, json);
  if (!success) return { failure: "unreadable" };
  if (output.issuer !== issuer) return { failure: "wrong_issuer" };
  const isSameOrigin = URL.parse(output.jwks_uri)?.origin === new URL(issuer).origin;
  if (!isSameOrigin || !isIssuerUrl(output.jwks_uri)) return { failure: "wrong_host" };
  return { jwksUrl: output.jwks_uri };
}
