import type { OidcRule } from "@convai-secrets/protocol";
import { type Issuer, startIssuer } from "@convai-secrets/testing";
import { afterAll, beforeAll } from "vitest";

/** The audience of the examples. */
export const AUDIENCE = "https://secrets.example.com";

/** The claims by which the policy of the examples recognises its sender. */
export const CLAIMS = { sub: "system:serviceaccount:crm:convai-secrets" };

/** Starts a local issuer for the tests of a file, and the rule with which a policy names it. */
export function useIssuer(): () => Issuer & { readonly rule: OidcRule } {
  let issuer: Issuer | undefined;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer?.stop());
  return () => {
    if (issuer === undefined) throw new TypeError("The issuer starts before the first test");
    const rule: OidcRule = { issuer: issuer.url, audience: AUDIENCE, claims: CLAIMS };
    return { ...issuer, rule };
  };
}
