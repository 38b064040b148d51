import { expect, test } from "vitest";
import { parseSenders } from "./senders.ts";

const secret = (index: number) =>
  `whsec_${btoa(`signing secret number ${String(index).padStart(9)}`)}`;
const HASH = `sha256:${"0123456789abcdef".repeat(4)}`;
const parse = (...senders: unknown[]) => parseSenders(JSON.stringify(senders));

test("a sender with each kind of credential is read, its defaults filled in", () => {
  expect(parse({ id: "a", tokenHashes: [HASH] }, { id: "b", signingSecrets: [secret(1)] })).toEqual(
    {
      senders: [
        { id: "a", signingSecrets: [], tokenHashes: [HASH], names: ["*"] },
        { id: "b", signingSecrets: [secret(1)], tokenHashes: [], names: ["*"] },
      ],
    },
  );
});

test("a hash in capitals is the same hash", () => {
  const upper = `sha256:${"0123456789ABCDEF".repeat(4)}`;
  expect(parse({ id: "a", tokenHashes: [upper] }).senders?.[0]?.tokenHashes).toEqual([HASH]);
  expect(parse({ id: "a", tokenHashes: [HASH, upper] }).issues).toBeDefined();
});

test.each(["a", "0", "-", "a-0".repeat(21), "a".repeat(64)])("the id %s is taken", (id) => {
  expect(parse({ id, tokenHashes: [HASH] }).senders).toMatchObject([{ id }]);
});

test.each(["A", "a b", "a_b", "a.b", "ä", "a\n"])("the id %j is not", (id) => {
  expect(parse({ id, tokenHashes: [HASH] }).issues).toMatchObject([{ path: "0.id" }]);
});

test("64 signing secrets in all are taken, 65 are not", () => {
  const secrets = Array.from({ length: 65 }, (_, index) => secret(index));
  expect(parse({ id: "a", signingSecrets: secrets.slice(0, 64) }).senders).toHaveLength(1);
  const split = [
    { id: "a", signingSecrets: secrets.slice(0, 32) },
    { id: "b", signingSecrets: secrets.slice(32) },
  ];
  expect(parse(...split).issues).toEqual([
    { path: "", rule: "must not hold more than 64 signing secrets in all" },
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
    "must have a credential: signingSecrets or tokenHashes",
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
