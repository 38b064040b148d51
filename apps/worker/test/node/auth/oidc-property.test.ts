import { createPublicKey, type JsonWebKey } from "node:crypto";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import fc from "fast-check";
import { type Algorithm, createDecoder, createVerifier } from "fast-jwt";
import { expect, test } from "vitest";
import { CLOCK_SKEW_SECONDS } from "../../../src/auth/claims.ts";
import { createOidcVerifier, OIDC_ALGORITHMS } from "../../../src/auth/oidc-verifier.ts";
import { GITHUB_CLAIMS, GITHUB_POLICY, githubRule, useIssuer } from "./oidc-fixtures.ts";

const RUNS = 1_500 * SCALE;
const HOUR_SECONDS = 3_600;
const issuer = useIssuer();

/** Valid values come often enough that a good part of the tokens is valid as a whole. */
const usually = <Value>(value: Value, ...others: fc.Arbitrary<unknown>[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant<unknown>(value) }, ...others);

const wrongText = fc.constantFrom<unknown>(
  "",
  "124",
  " 123",
  "*",
  123,
  ["123"],
  null,
  undefined,
  true,
);
const audience = usually(
  GITHUB_CLAIMS.aud,
  fc.constantFrom<unknown>([GITHUB_CLAIMS.aud], [GITHUB_CLAIMS.aud, "x"], "x", "", 1, undefined),
);

const attempt = fc.record({
  kid: fc.constantFrom("RS256-1", "PS256-2", "ES256-3", "ES384-4", "EdDSA-5", "RS512-6"),
  header: usually({}, fc.constantFrom({ kid: "unknown" }, { kid: "ES256-3" }, { typ: "at+jwt" })),
  claims: fc.record({
    aud: audience,
    iss: usually("issuer", fc.constantFrom<unknown>("https://id.example.com", "", 1, undefined)),
    repository_id: usually("123", wrongText),
    repository_owner_id: usually("45", wrongText),
    environment: usually("production", fc.constantFrom("Production", "staging", undefined)),
    event_name: usually("push", fc.constantFrom("pull_request", "pull_request_target", "schedule")),
  }),
  // Relative to now, in seconds, and never on a limit: libraries disagree about the last millisecond.
  iat: usually(-10, fc.constantFrom<unknown>(-3_650, -3_670, 50, 70, -55, undefined, "1", null)),
  lifetime: usually(300, fc.constantFrom<unknown>(-100, 3_599, 3_601, 15, undefined, "9")),
  nbf: usually(undefined, fc.constantFrom<unknown>(50, 70, -10, "1")),
  // Removes or replaces a character, or a part.
  damage: usually("none", fc.constantFrom("flip", "cut", "part", "swap")),
  at: fc.nat(10_000),
});

test("Decisions about tokens are those of fast-jwt and the documented rules for claims", async () => {
  for (const algorithm of ["PS256", "ES256", "ES384", "EdDSA", "RS512"] as const) {
    await issuer().addKey(algorithm);
  }
  const now = Date.now();
  const rules = [githubRule(issuer())];
  const verifier = createOidcVerifier([{ id: "deployer", oidc: rules }], { fetch });
  const isValid = makeOracle(now);
  const counts = { authenticated: 0, rejected: 0, keys_unavailable: 0 };
  await fc.assert(
    fc.asyncProperty(attempt, async (input) => {
      const token = damage(await sign(input, now), input.damage as string, input.at);
      const { kind } = await verifier.verify(token, now);
      expect(kind).toBe(isValid(token) ? "authenticated" : "rejected");
      counts[kind] += 1;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(counts.authenticated).toBeGreaterThan(RUNS / 20);
  expect(counts.rejected).toBeGreaterThan(RUNS / 20);
});

type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never;

function sign({ kid, header, claims, iat, lifetime, nbf }: Attempt, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const relative = (offset: unknown) => (typeof offset === "number" ? seconds + offset : offset);
  const start = typeof iat === "number" ? iat : 0;
  const times = {
    iat: relative(iat),
    exp: relative(typeof lifetime === "number" ? start + lifetime : lifetime),
    nbf: relative(nbf),
  };
  const iss = claims.iss === "issuer" ? issuer().url : claims.iss;
  return issuer().sign(
    { ...claims, ...times, iss },
    { kid, header: header as Record<string, unknown> },
  );
}

function damage(token: string, kind: string, at: number): string {
  const parts = token.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  switch (kind) {
    case "flip": {
      // Not the last characters of a part, which hold unused bits.
      const place = at % (signature.length - 4);
      const other = signature[place] === "A" ? "B" : "A";
      return `${header}.${payload}.${signature.slice(0, place)}${other}${signature.slice(place + 1)}`;
    }
    case "cut":
      return token.slice(0, at % token.length);
    case "part":
      return parts.toSpliced(at % 3, 1).join(".");
    case "swap":
      return `${payload}.${header}.${signature}`;
    default:
      return token;
  }
}

/** What the contract says, with signature and times checked by fast-jwt. */
function makeOracle(now: number): (token: string) => boolean {
  const decode = createDecoder({ complete: true });
  const algorithms = OIDC_ALGORITHMS as readonly string[] as Algorithm[];
  const verifiers = new Map(
    issuer()
      .jwks()
      .keys.filter(({ alg = "" }) => algorithms.includes(alg as Algorithm))
      .map((jwk) => {
        const key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
        const verify = createVerifier({
          key: key.export({ type: "spki", format: "pem" }),
          algorithms: [jwk.alg as Algorithm],
          allowedIss: issuer().url,
          allowedAud: GITHUB_CLAIMS.aud,
          clockTimestamp: now,
          clockTolerance: CLOCK_SKEW_SECONDS * 1000,
          requiredClaims: ["iss", "iat", "exp", "aud"],
          cache: false,
        });
        return [jwk.kid, verify] as const;
      }),
  );
  return (token) => {
    try {
      const { header } = decode(token);
      const claims = verifiers.get(header.kid)?.(token);
      return claims !== undefined && meetsContract(claims, Math.floor(now / 1000));
    } catch {
      return false;
    }
  };
}

/** The rules for claims in docs/operating.md, except those about signatures, `exp` and `nbf`. */
function meetsContract(claims: Record<string, unknown>, now: number): boolean {
  const { iat, exp } = claims;
  if (typeof iat !== "number" || typeof exp !== "number" || exp <= iat) return false;
  if (iat > now + CLOCK_SKEW_SECONDS || iat < now - HOUR_SECONDS - CLOCK_SKEW_SECONDS) return false;
  if (exp - iat > HOUR_SECONDS || claims["aud"] !== GITHUB_CLAIMS.aud) return false;
  if (String(claims["event_name"]).startsWith("pull_request")) return false;
  return Object.entries(GITHUB_POLICY).every(([name, value]) => claims[name] === value);
}
