import { type Issuer, startIssuer } from "@convai-secrets/testing";
import { expect, onTestFinished, test } from "vitest";
import { ACCESS_HEADER, createAccessVerifier } from "../../../src/auth/access-assertion.ts";
import { MIN_LOAD_INTERVAL_MS } from "../../../src/auth/key-cache.ts";

const AUD = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const CLAIMS = { aud: [AUD], email: "operator@example.com", sub: "7335d417", type: "app" };

async function startTeam(): Promise<Issuer> {
  const team = await startIssuer({ jwksPath: "/cdn-cgi/access/certs" });
  onTestFinished(() => team.stop());
  return team;
}

const withAssertion = (token: string) => new Headers({ [ACCESS_HEADER]: token });
const makeVerifier = (team: Issuer) => createAccessVerifier({ team: team.url, aud: AUD, fetch });

test("An assertion of the team for the application names the operator", async () => {
  const team = await startTeam();
  const headers = withAssertion(await team.sign(CLAIMS));
  expect(await makeVerifier(team).verify(headers, Date.now())).toEqual({
    kind: "authenticated",
    operator: { user: "operator@example.com" },
  });
  expect(team.requests).toEqual(["/cdn-cgi/access/certs"]);
});

test("A service token's assertion names its common name", async () => {
  const team = await startTeam();
  const { email: _, ...claims } = CLAIMS;
  const headers = withAssertion(await team.sign({ ...claims, common_name: "checks.access" }));
  expect(await makeVerifier(team).verify(headers, Date.now())).toMatchObject({
    operator: { user: "checks.access" },
  });
});

test.each<[string, Record<string, unknown>]>([
  ["for another application", { aud: ["another"] }],
  ["without an audience", { aud: undefined }],
  ["of another team", { iss: "https://other.cloudflareaccess.com" }],
  ["that has expired", { iat: 1_700_000_000, exp: 1_700_000_600 }],
  ["that never expires", { exp: undefined }],
  ["with an empty e-mail address", { email: "" }],
  ["whose e-mail address is not a string", { email: ["operator@example.com"] }],
])("An assertion %s is rejected", async (_, change) => {
  const team = await startTeam();
  const headers = withAssertion(await team.sign({ ...CLAIMS, ...change }));
  expect(await makeVerifier(team).verify(headers, Date.now())).toEqual({ kind: "rejected" });
});

test("An assertion that is signed with a key of the team in another algorithm is rejected", async () => {
  const team = await startTeam();
  const kid = await team.addKey("ES256");
  const headers = withAssertion(await team.sign(CLAIMS, { kid }));
  expect(await makeVerifier(team).verify(headers, Date.now())).toEqual({ kind: "rejected" });
});

test("An assertion signed by another team is rejected, and that team's keys are not fetched", async () => {
  const [team, other] = [await startTeam(), await startTeam()];
  const header = { jku: other.jwksUrl, jwk: other.jwks().keys[0] };
  const headers = withAssertion(await other.sign({ ...CLAIMS, iss: team.url }, { header }));
  expect(await makeVerifier(team).verify(headers, Date.now())).toEqual({ kind: "rejected" });
  expect(other.requests).toEqual([]);
});

test("A request without an assertion is rejected without contacting the team", async () => {
  const team = await startTeam();
  expect(await makeVerifier(team).verify(new Headers(), Date.now())).toEqual({ kind: "rejected" });
  expect(team.requests).toEqual([]);
});

test("After the team rotates its keys, assertions signed with the old and the new key are accepted", async () => {
  const team = await startTeam();
  const access = makeVerifier(team);
  const now = Date.now();
  const old = withAssertion(await team.sign(CLAIMS));
  expect(await access.verify(old, now)).toMatchObject({ kind: "authenticated" });
  const kid = await team.addKey("RS256");
  const rotated = withAssertion(await team.sign(CLAIMS, { kid }));
  const later = now + MIN_LOAD_INTERVAL_MS;
  expect(await access.verify(rotated, later)).toMatchObject({ kind: "authenticated" });
  expect(await access.verify(old, later)).toMatchObject({ kind: "authenticated" });
});

test("If the team's keys were never loaded, the answer is keys_unavailable", async () => {
  const team = await startTeam();
  team.setFault({ kind: "status", status: 500 });
  const headers = withAssertion(await team.sign(CLAIMS));
  expect(await makeVerifier(team).verify(headers, Date.now())).toMatchObject({
    kind: "keys_unavailable",
  });
});
