import type { AuthenticationMethod } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";
import type { Authenticated, AuthenticationInput } from "./authenticator.ts";
import { AUTHENTICATORS } from "./authenticators.ts";
import { CHALLENGE } from "./challenge.ts";

/**
 * Finds the sender of a request by the first method that applies to it.
 *
 * @throws {Problem} `unauthenticated`, the same for every failure, or what the method throws
 */
export async function authenticate(
  input: AuthenticationInput,
): Promise<Authenticated & { readonly method: AuthenticationMethod }> {
  const authenticator = AUTHENTICATORS.find(({ applies }) => applies(input.headers));
  const authenticated = await authenticator?.authenticate(input);
  if (authenticator === undefined || authenticated === undefined) throw unauthenticated();
  return { ...authenticated, method: authenticator.method };
}

/** All failures look the same, so that an attacker does not learn which senders exist. */
function unauthenticated(): Problem {
  return new Problem(
    "unauthenticated",
    "The request needs a valid Standard Webhooks signature, sender token or OIDC token",
    { headers: CHALLENGE },
  );
}
