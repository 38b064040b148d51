import type { Authenticator } from "./authenticator.ts";
import { oidcAuthenticator } from "./oidc.ts";
import { signatureAuthenticator } from "./signature.ts";
import { tokenAuthenticator } from "./token.ts";

/** Every method, in the order in which they are asked. The last one applies to every request. */
export const AUTHENTICATORS: readonly Authenticator[] = [
  signatureAuthenticator,
  oidcAuthenticator,
  tokenAuthenticator,
];
