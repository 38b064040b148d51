import { expect, test } from "vitest";
import { parseSenders } from "./senders.ts";

const secret = (index: number) =>
  `whsec_${btoa(`signing secret number ${String(index).padStart(9)}`)}`;
const HASH = `sha256:${"0123456789abcdef".repeat(4)}`;
const parse = (...senders: unknown[]) => parseSenders(JSON.stringify(senders));

const RULE = {
  issuer: "github",
  audience: "https://secrets.example.com",
  claims: { repository_id: "1", repository_owner_id: "2", environment: ["production", "staging"] },
};
const DEFAULTS = {
  signingSecrets: [],
  tokenHashes: [],
  oidc: [],
  existing: "create",
  names: ["*"],
};

test("a sender with any one kind of credential is accepted and gets the defaults", () => {
  const senders = [
    { id: "a", tokenHashes: [HASH] },
    { id: "b", signingSecrets: [secret(1)] },
    { id: "c", oidc: [RULE], existing: "update" },
  ];
  expect(parse(...senders)).toEqual({
    senders: senders.map((sender) => ({ ...DEFAULTS, ...sender })),
  });
});

test("a SENDERS document with a duplicate key is rejected, so that a second names cannot widen the first", () => {
  const json = `[{"id":"a","tokenHashes":["${HASH}"],"names":["CRM_*"],"names":["*"]}]`;
  expect(parseSenders(json)).toEqual({
    issues: [{ path: "", rule: "must not contain duplicate keys" }],
  });
});

test("two signing secrets that are the same HMAC key are duplicates", () => {
  const bytes = "signing secret of 24 byte";
  const secrets = [`whsec_${btoa(bytes)}`, `whsec_${btoa(`${bytes}\0`)}`];
  expect(parse({ id: "a", signingSecrets: secrets }).issues).toEqual([
    { path: "", rule: "must not contain duplicate signing secrets" },
  ]);
});

test.each<[string, object, string, string]>([
  ["no claims", { claims: {} }, "claims", "must not be empty"],
  [
    "claims without the owner's id",
    { claims: { repository_id: "1", ref: "refs/heads/main" } },
    "claims",
    "must pin repository_owner_id",
  ],
  [
    "the address of GitHub instead of its short name, without pinned ids",
    { issuer: "https://token.actions.githubusercontent.com", claims: { ref: "refs/heads/main" } },
    "claims",
    "must pin repository_id",
  ],
  [
    "a number as a claim",
    { issuer: "https://id.example.com", claims: { sub: 7 } },
    "claims.sub",
    "must be a string or a list of strings",
  ],
  [
    "an issuer with http",
    { issuer: "http://id.example.com", claims: { sub: "a" } },
    "issuer",
    'must be "github", "gitlab" or an https URL without query and fragment',
  ],
  ["no audience", { audience: undefined }, "audience", "is required"],
  ...["constructor", "prototype", "__proto__"].map((name): [string, object, string, string] => [
    `the claim ${name}`,
    {
      claims: JSON.parse(`{"repository_id":"1","repository_owner_id":"2","ref":"r","${name}":"x"}`),
    },
    "claims",
    "must not contain __proto__, constructor or prototype",
  ]),
])("an OIDC rule with %s is rejected", (_, change, path, rule) => {
  expect(parse({ id: "a", oidc: [{ ...RULE, ...change }] })).toEqual({
    issues: [{ path: `0.oidc.0.${path}`, rule }],
  });
});

test("two OIDC rules that the same tokens meet are duplicates, however they are written", () => {
  const rule = { issuer: "github", audience: RULE.audience, claims: RULE.claims };
  const same = {
    issuer: "https://token.actions.githubusercontent.com",
    audience: RULE.audience,
    claims: {
      environment: ["staging", "production"],
      repository_owner_id: ["2"],
      repository_id: "1",
    },
  };
  const other = { ...rule, claims: { ...rule.claims, environment: "production" } };
  const issue = { path: "", rule: "must not contain duplicate OIDC rules" };
  expect(parse({ id: "a", oidc: [rule] }, { id: "b", oidc: [same] }).issues).toEqual([issue]);
  expect(parse({ id: "a", oidc: [rule] }, { id: "b", oidc: [other] }).senders).toHaveLength(2);
});

test("a token hash is compared without regard to case", () => {
  const upper = `sha256:${"0123456789ABCDEF".repeat(4)}`;
  expect(parse({ id: "a", tokenHashes: [upper] }).senders?.[0]?.tokenHashes).toEqual([HASH]);
  expect(parse({ id: "a", tokenHashes: [HASH, upper] }).issues).toBeDefined();
});

test.each(["a", "0", "-", "a-0".repeat(21), "a".repeat(64)])(
  "the sender id %s is accepted",
  (id) => {
    expect(parse({ id, tokenHashes: [HASH] }).senders).toMatchObject([{ id }]);
  },
);

test.each(["A", "a b", "a_b", "a.b", "ä", "a\n"])("the sender id %j is rejected", (id) => {
  expect(parse({ id, tokenHashes: [HASH] }).issues).toMatchObject([{ path: "0.id" }]);
});

test("64 signing secrets of all senders together are accepted, 65 are rejected", () => {
  const secrets = Array.from({ length: 65 }, (_, index) => secret(index));
  expect(parse({ id: "a", signingSecrets: secrets.slice(0, 64) }).senders).toHaveLength(1);
  const split = [
    { id: "a", signingSecrets: secrets.slice(0, 32) },
    { id: "b", signingSecrets: secrets.slice(32) },
  ];
  expect(parse(...split).issues).toEqual([
    { path: "", rule: "must not contain more than 64 signing secrets" },
  ]);
});

const NO_HASH = "must be sha256: and 64 hex digits";
const valid = { id: "a", tokenHashes: [HASH] };
test.each<[string, unknown, string, string]>([
  ["no object", 1, "0", "must be an object"],
  ["no id", { tokenHashes: [HASH] }, "0.id", "is required"],
  [
    "an id of 65 characters",
    { ...valid, id: "a".repeat(65) },
    "0.id",
    "must be 1 to 64 of a-z, 0-9 and -",
  ],
  ["an empty id", { ...valid, id: "" }, "0.id", "must be 1 to 64 of a-z, 0-9 and -"],
  ["an unknown field", { ...valid, token: HASH }, "0.token", "is not a known field"],
  [
    "no credential",
    { id: "a", tokenHashes: [] },
    "0",
    "must have a credential: signingSecrets, tokenHashes or oidc",
  ],
  [
    "secrets that are no array",
    { ...valid, signingSecrets: secret(1) },
    "0.signingSecrets",
    "must be an array",
  ],
  ["a short hash", { ...valid, tokenHashes: ["sha256:00"] }, "0.tokenHashes.0", NO_HASH],
  ["a long hash", { ...valid, tokenHashes: [`${HASH}0`] }, "0.tokenHashes.0", NO_HASH],
  [
    "a hash with a word before it",
    { ...valid, tokenHashes: [`x${HASH}`] },
    "0.tokenHashes.0",
    NO_HASH,
  ],
  [
    "a hash without its prefix",
    { ...valid, tokenHashes: [HASH.slice(7)] },
    "0.tokenHashes.0",
    NO_HASH,
  ],
  ["a pattern that is no text", { ...valid, names: [1] }, "0.names.0", "must be a string"],
  ["no names at all", { ...valid, names: [] }, "0.names", "must not be empty"],
  ["an empty pattern", { ...valid, names: [""] }, "0.names.0", "must not be empty"],
])("%s is named by its path and rule", (_, sender, path, rule) => {
  expect(parse(sender)).toEqual({ issues: [{ path, rule }] });
});

test.each([
  ["not JSON", "["],
  ["no array", "{}"],
  ["empty", "[]"],
])("a document that is %s is refused", (_, document) => {
  expect(parseSenders(document).issues).toHaveLength(1);
});

test.each([
  ["an id", [valid, { id: "a", signingSecrets: [secret(1)] }]],
  [
    "a signing secret",
    [
      { id: "a", signingSecrets: [secret(1)] },
      { id: "b", signingSecrets: [secret(1)] },
    ],
  ],
  ["a token", [valid, { ...valid, id: "b" }]],
])("%s of two senders is refused", (_, senders) => {
  expect(parse(...senders).issues).toHaveLength(1);
});

test("no issue holds a piece of a credential", () => {
  const canary = "canary5e7a";
  const { issues } = parse({
    id: canary.toUpperCase(),
    signingSecrets: [`whsec_${canary}`],
    tokenHashes: [canary],
    names: canary,
  });
  expect(issues).toHaveLength(4);
  expect(JSON.stringify(issues).toLowerCase()).not.toContain(canary);
});
