import { createHmac } from "node:crypto";
import { startIssuer } from "@convai-secrets/testing";
import { exportSPKI, importJWK } from "jose";
import { expect, test } from "vitest";
import { decide, GITHUB_CLAIMS, GITHUB_POLICY, githubRule, useIssuer } from "./oidc-fixtures.ts";

const issuer = useIssuer();
const seconds = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const rejected = (reason: string) => ({ kind: "rejected", reason });

test("A token of the configured job authenticates its sender", async () => {
  const token = await issuer().sign(GITHUB_CLAIMS);
  expect(await decide(token, [githubRule(issuer())])).toEqual({
    kind: "authenticated",
    senderId: "deployer",
    issuer: issuer().url,
    rule: 0,
    claims: GITHUB_POLICY,
  });
});

test.each(["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const)(
  "A token signed with %s authenticates its sender",
  async (algorithm) => {
    const kid = await issuer().addKey(algorithm);
    const token = await issuer().sign(GITHUB_CLAIMS, { kid });
    expect(await decide(token, [githubRule(issuer())])).toMatchObject({ kind: "authenticated" });
  },
);

test.each(["RS512", "ES512"] as const)("A token signed with %s is rejected", async (algorithm) => {
  const kid = await issuer().addKey(algorithm);
  const token = await issuer().sign(GITHUB_CLAIMS, { kid });
  expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("invalid_token"));
});

test("A token with the right audience from another repository is rejected", async () => {
  const token = await issuer().sign({ ...GITHUB_CLAIMS, repository_id: "999" });
  expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("claims"));
});

test("A token of a repository that took over the name, with another id, is rejected", async () => {
  const claims = { ...GITHUB_CLAIMS, repository_id: "124", repository_owner_id: "46" };
  expect(await decide(await issuer().sign(claims), [githubRule(issuer())])).toEqual(
    rejected("claims"),
  );
});

test.each<[string, unknown]>([
  ["another audience", "https://other.example.com"],
  ["an array with the audience and another one", [GITHUB_CLAIMS.aud, "https://other.example.com"]],
  ["an array with only the audience", [GITHUB_CLAIMS.aud]],
  ["an audience that only starts the same", `${GITHUB_CLAIMS.aud}.evil.example`],
  ["an audience with a trailing slash", `${GITHUB_CLAIMS.aud}/`],
  ["no audience", undefined],
])("A token with %s is rejected", async (_, aud) => {
  const token = await issuer().sign({ ...GITHUB_CLAIMS, aud });
  expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("audience"));
});

test.each<[string, unknown]>([
  ["a number", 123],
  ["an array", ["123"]],
  ["an object", { toString: "123" }],
  ["null", null],
  ["nothing", undefined],
  ["white space around it", " 123"],
])("A token with %s in place of the repository's id is rejected", async (_, id) => {
  const token = await issuer().sign({ ...GITHUB_CLAIMS, repository_id: id });
  expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("claims"));
});

test("A policy's list of values accepts each of them and no other", async () => {
  const rule = githubRule(issuer(), { ...GITHUB_POLICY, environment: ["staging", "production"] });
  const decisions = ["staging", "production", "stag", "*"].map(async (environment) =>
    decide(await issuer().sign({ ...GITHUB_CLAIMS, environment }), [rule]),
  );
  expect((await Promise.all(decisions)).map(({ kind }) => kind)).toEqual([
    "authenticated",
    "authenticated",
    "rejected",
    "rejected",
  ]);
});

test("A policy's asterisk is compared as a character", async () => {
  const rule = githubRule(issuer(), { ...GITHUB_POLICY, environment: "prod*" });
  expect(await decide(await issuer().sign(GITHUB_CLAIMS), [rule])).toEqual(rejected("claims"));
});

test("A token with the algorithm none is rejected", async () => {
  const { iat, exp } = { iat: seconds(), exp: seconds() + 300 };
  const payload = encode({ iss: issuer().url, iat, exp, ...GITHUB_CLAIMS });
  for (const signature of ["", "AAAA"]) {
    const token = `${encode({ alg: "none", kid: "RS256-1" })}.${payload}.${signature}`;
    expect(await decide(token, [githubRule(issuer())])).toMatchObject({ kind: "rejected" });
  }
});

test("A token signed by HS256 with the issuer's public key as the secret is rejected", async () => {
  const [jwk] = issuer().jwks().keys;
  const pem = await exportSPKI((await importJWK(jwk ?? { kty: "" }, "RS256")) as CryptoKey);
  const payload = { iss: issuer().url, iat: seconds(), exp: seconds() + 300, ...GITHUB_CLAIMS };
  for (const secret of [pem, JSON.stringify(jwk), String(jwk?.n)]) {
    const input = `${encode({ alg: "HS256", kid: jwk?.kid })}.${encode(payload)}`;
    const mac = createHmac("sha256", secret).update(input).digest("base64url");
    expect(await decide(`${input}.${mac}`, [githubRule(issuer())])).toEqual(
      rejected("invalid_token"),
    );
  }
});

test("Keys that a token brings along or points to are neither used nor fetched", async () => {
  const attacker = await startIssuer();
  const [jwk] = attacker.jwks().keys;
  for (const kid of ["RS256-1", "unknown", undefined]) {
    for (const header of [{ jwk }, { jku: attacker.jwksUrl }, { x5u: attacker.jwksUrl }]) {
      const options = { header: { ...header, kid } };
      const token = await attacker.sign({ ...GITHUB_CLAIMS, iss: issuer().url }, options);
      expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("invalid_token"));
    }
  }
  expect(attacker.requests).toEqual([]);
  await attacker.stop();
});

test("A token without a key id is accepted only if its issuer has a single key", async () => {
  const other = await startIssuer();
  const token = await other.sign(GITHUB_CLAIMS, { header: { kid: undefined } });
  expect(await decide(token, [githubRule(other)])).toMatchObject({ kind: "authenticated" });
  await other.addKey("RS256");
  expect(await decide(token, [githubRule(other)])).toEqual(rejected("invalid_token"));
  await other.stop();
});

test("An issuer that no sender names is never contacted", async () => {
  const other = await startIssuer();
  const token = await other.sign(GITHUB_CLAIMS);
  expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("unknown_issuer"));
  expect(other.requests).toEqual([]);
  await other.stop();
});

test.each<[string, (now: number) => Record<string, unknown>]>([
  ["expired more than a minute ago", (now) => ({ iat: now - 300, exp: now - 61 })],
  ["is issued more than a minute in the future", (now) => ({ iat: now + 65, exp: now + 300 })],
  ["is issued in the future, but valid", (now) => ({ iat: now + 65, nbf: now, exp: now + 300 })],
  ["is not valid yet", (now) => ({ nbf: now + 65 })],
  ["lives longer than an hour", (now) => ({ iat: now, exp: now + 3_601 })],
  ["was issued more than an hour ago", (now) => ({ iat: now - 3_700, exp: now + 10 })],
  ["expires before it is issued", (now) => ({ iat: now + 30, exp: now + 10 })],
  ["never expires", () => ({ exp: undefined })],
  ["has no time of issue", () => ({ iat: undefined })],
  ["has a string as its expiry", (now) => ({ exp: String(now + 300) })],
  ["has a string as its time of issue", (now) => ({ iat: String(now), nbf: now })],
])("A token that %s is rejected", async (_, times) => {
  const token = await issuer().sign({ ...GITHUB_CLAIMS, ...times(seconds()) });
  expect(await decide(token, [githubRule(issuer())])).toMatchObject({ kind: "rejected" });
});

test("A minute of difference between the clocks is accepted", async () => {
  const now = seconds();
  for (const times of [
    { iat: now - 300, exp: now - 55 },
    { iat: now + 55, exp: now + 300 },
  ]) {
    const token = await issuer().sign({ ...GITHUB_CLAIMS, ...times });
    const decision = await decide(token, [githubRule(issuer())], now * 1000);
    expect(decision).toMatchObject({ kind: "authenticated" });
  }
});

test("A token of a service account may live 24 hours, and its audience is an array of one", async () => {
  const sub = "system:serviceaccount:apps:deployer";
  const rule = { issuer: issuer().url, audience: GITHUB_CLAIMS.aud, claims: { sub } };
  const iat = seconds();
  const sign = (claims: Record<string, unknown>) => issuer().sign({ sub, iat, ...claims });
  const aud = [GITHUB_CLAIMS.aud];
  const day = await sign({ aud, exp: iat + 86_400 });
  expect(await decide(day, [rule])).toMatchObject({ kind: "authenticated" });
  const longer = await sign({ aud, exp: iat + 86_401 });
  expect(await decide(longer, [rule])).toEqual(rejected("invalid_token"));
  const two = await sign({ aud: [...aud, "https://kubernetes.default.svc"], exp: iat + 600 });
  expect(await decide(two, [rule])).toEqual(rejected("audience"));
});

test("A rule for a service account does not lengthen the tokens of another rule", async () => {
  const kubernetes = {
    issuer: issuer().url,
    audience: GITHUB_CLAIMS.aud,
    claims: { sub: "system:serviceaccount:apps:deployer" },
  };
  const token = await issuer().sign({ ...GITHUB_CLAIMS, exp: seconds() + 4_000 });
  expect(await decide(token, [kubernetes, githubRule(issuer())])).toEqual(rejected("lifetime"));
});

test.each(["pull_request", "pull_request_target"])(
  "A GitHub token of the event %s is rejected unless the policy lists the event",
  async (event) => {
    const token = await issuer().sign({ ...GITHUB_CLAIMS, event_name: event });
    expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("event"));
    const listed = githubRule(issuer(), { ...GITHUB_POLICY, event_name: ["push", event] });
    expect(await decide(token, [listed])).toMatchObject({ kind: "authenticated" });
  },
);

test("A GitLab token of a fork's job is rejected", async () => {
  const claims = { project_id: "1", namespace_id: "2", ref: "main", ref_protected: "true" };
  const rule = { issuer: issuer().url, audience: GITHUB_CLAIMS.aud, claims };
  const sign = (more: object) => issuer().sign({ aud: GITHUB_CLAIMS.aud, ...claims, ...more });
  expect(await decide(await sign({}), [rule])).toMatchObject({ kind: "authenticated" });
  const own = await sign({ job_project_id: "1" });
  expect(await decide(own, [rule])).toMatchObject({ kind: "authenticated" });
  for (const job of ["7", 1, null]) {
    const fork = await sign({ job_project_id: job });
    expect(await decide(fork, [rule])).toEqual(rejected("fork"));
  }
});

test("A token that the policies of two senders accept is rejected", async () => {
  const token = await issuer().sign(GITHUB_CLAIMS);
  const rule = githubRule(issuer());
  const other = githubRule(issuer(), { ...GITHUB_POLICY, ref: "refs/heads/main" });
  expect(await decide(token, { one: [rule], two: [other] })).toEqual(rejected("several_senders"));
  expect(await decide(token, [rule, other])).toMatchObject({ kind: "authenticated", rule: 0 });
});

test("A token over 8 KiB is rejected before it is parsed", async () => {
  const token = await issuer().sign({ ...GITHUB_CLAIMS, padding: "a".repeat(6_000) });
  expect(token.length).toBeGreaterThan(8 * 1024);
  expect(await decide(token, [githubRule(issuer())])).toEqual(rejected("unreadable"));
});

test.each([
  "",
  "a.b",
  "a.b.c.d",
  "..",
  "a.b.c",
  `${encode({ alg: "RS256" })}.${encode([])}.AAAA`,
  `${encode({ alg: "RS256" })}.${encode({ iss: 1 })}.AAAA`,
])("The text %j is no token and is rejected", async (text) => {
  expect(await decide(text, [githubRule(issuer())])).toEqual(rejected("unreadable"));
});

test("A change of any character of a token makes it invalid", async () => {
  const token = await issuer().sign(GITHUB_CLAIMS);
  for (let at = 0; at < token.length; at += 7) {
    // The last character of a part holds unused bits, which a decoder may ignore.
    if (token[at] === "." || token[at + 1] === "." || at + 1 === token.length) continue;
    const other = token[at] === "A" ? "B" : "A";
    const changed = token.slice(0, at) + other + token.slice(at + 1);
    expect((await decide(changed, [githubRule(issuer())])).kind).not.toBe("authenticated");
  }
});

test("Inline keys verify tokens without contacting the issuer", async () => {
  const other = await startIssuer({ algorithm: "ES256" });
  const rule = { ...githubRule(other), jwks: other.jwks() as never };
  const token = await other.sign(GITHUB_CLAIMS);
  expect(await decide(token, [rule])).toMatchObject({ kind: "authenticated" });
  const unknown = await other.sign(GITHUB_CLAIMS, { header: { kid: "unknown" } });
  expect(await decide(unknown, [rule])).toEqual(rejected("invalid_token"));
  expect(other.requests).toEqual([]);
  await other.stop();
});
