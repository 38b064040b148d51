import type { Fetch } from "./fetch-json.ts";
import { verifyJwt } from "./jwt.ts";
import { KeyCache, type KeyCacheOptions } from "./key-cache.ts";
import type { KeySource } from "./key-source.ts";

/** The header in which Cloudflare Access sends its assertion. */
export const ACCESS_HEADER = "cf-access-jwt-assertion";

/** The longest session that Access offers is a month. */
const MAX_LIFETIME_SECONDS = 31 * 24 * 60 * 60;

/** The person who made a request, as Access knows them. */
interface OperatorIdentity {
  /** The e-mail address, or the common name of a service token. */
  readonly user: string;
}

/** The outcome of {@link AccessVerifier.verify}. */
type AccessDecision =
  | { readonly kind: "authenticated"; readonly operator: OperatorIdentity }
  | { readonly kind: "rejected" }
  | { readonly kind: "keys_unavailable"; readonly retryAfterMs: number };

/** Verifies the assertion that Cloudflare Access adds to each request. */
export interface AccessVerifier {
  /** @param now the time in milliseconds since the epoch */
  verify(headers: Headers, now: number): Promise<AccessDecision>;
  readonly keys: KeySource;
}

/** The `OPERATOR_ACCESS` binding, and what the verifier needs of its surroundings. */
export interface AccessOptions {
  /** The team's address, `https://NAME.cloudflareaccess.com`, without a trailing slash. */
  readonly team: string;
  /** The tag of the Access application. */
  readonly aud: string;
  readonly fetch: Fetch;
  readonly waitUntil?: KeyCacheOptions["waitUntil"];
  readonly onLoad?: KeyCacheOptions["onLoad"];
}

/**
 * Prepares the verification of Access assertions: RS256, `iss` is the team's address, `aud` contains
 * the application's tag, keys from the team's `/cdn-cgi/access/certs`.
 *
 * The Worker verifies the assertion itself, always: on an address that Access does not protect,
 * anyone could send the header.
 *
 * @see https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 * @example
 * ```ts
 * const access = createAccessVerifier({ team, aud, fetch });
 * const decision = await access.verify(request.headers, Date.now());
 * ```
 */
export function createAccessVerifier({
  team,
  aud,
  ...dependencies
}: AccessOptions): AccessVerifier {
  const jwksUrl = `${team}/cdn-cgi/access/certs`;
  const keys = new KeyCache({ ...dependencies, issuer: team, jwksUrl });
  return {
    keys,
    async verify(headers, now) {
      const token = headers.get(ACCESS_HEADER);
      if (token === null) return { kind: "rejected" };
      const expectations = {
        issuer: team,
        algorithms: ["RS256"],
        maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
      };
      const result = await verifyJwt(token, keys, expectations, now);
      if (result.kind !== "verified") return result;
      const user = readUser(result.claims);
      const isForUs = [result.claims.aud].flat().includes(aud);
      return isForUs && user !== undefined
        ? { kind: "authenticated", operator: { user } }
        : { kind: "rejected" };
    },
  };
}

/** Service tokens have a common name instead of an e-mail address. */
function readUser(claims: Readonly<Record<string, unknown>>): string | undefined {
  const { email, common_name: commonName } = claims;
  return [email, commonName].find(
    (name): name is string => typeof name === "string" && name !== "" && name.length <= 320,
  );
}
