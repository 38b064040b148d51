import { isJwt } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";
import type { Authenticator } from "./authenticator.ts";
import { readBearerCredential } from "./bearer-credential.ts";

/**
 * A JWT from an issuer that the sender's policy names, as bearer token or as an official SDK's API
 * key. The sender stores no credential: its platform issues the token.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export const oidcAuthenticator: Authenticator = {
  method: "oidc",

  applies(headers) {
    const credential = readBearerCredential(headers);
    return credential !== undefined && isJwt(credential);
  },

  async authenticate({ headers, senders, oidc, now, log }) {
    const credential = readBearerCredential(headers) ?? "";
    const decision = await oidc.verify(credential, now);
    switch (decision.kind) {
      case "authenticated": {
        const { senderId, issuer, rule, claims } = decision;
        log({ oidc: { issuer, rule, claims } });
        const sender = senders.find(({ id }) => id === senderId);
        return sender && { sender, credential };
      }
      case "rejected":
        log({ oidc: { rejected: decision.reason } });
        return undefined;
      case "keys_unavailable":
        throw new Problem("issuer_unavailable", "The keys of the token's issuer are unavailable", {
          retryAfterSeconds: Math.ceil(decision.retryAfterMs / 1000),
        });
    }
  },
};
