import { expect, test } from "vitest";
import { decodeSigningSecret, TOKEN_PATTERN } from "./credentials.ts";
import { generateSigningSecret, generateToken, hashToken } from "./generate-credentials.ts";
import { parseSenders } from "./senders.ts";

// Enough that each of the 64 characters, and both that base64url replaces, are drawn.
const many = (generate: () => string) => Array.from({ length: 200 }, generate);

test("a generated signing secret is valid and has 32 bytes", () => {
  for (const secret of many(generateSigningSecret)) {
    expect(decodeSigningSecret(secret)).toHaveLength(32);
  }
});

test("a generated token is valid", () => {
  for (const token of many(generateToken)) expect(token).toMatch(TOKEN_PATTERN);
});

test("generated credentials are unique", () => {
  expect(new Set([...many(generateSigningSecret), ...many(generateToken)]).size).toBe(400);
});

test("the hash of a token has the form of the SENDERS document", async () => {
  const hash = await hashToken("abc");
  expect(hash).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(parseSenders(JSON.stringify([{ id: "a", tokenHashes: [hash] }])).senders).toHaveLength(1);
});
