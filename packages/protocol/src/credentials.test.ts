import { expect, test } from "vitest";
import { decodeBase64, decodeSigningSecret, digestToken, TOKEN_PATTERN } from "./credentials.ts";

const base64 = (bytes: number) => btoa("x".repeat(bytes));

test.each([24, 32, 64])("a signing secret of %i bytes is taken", (bytes) => {
  expect(decodeSigningSecret(`whsec_${base64(bytes)}`)).toHaveLength(bytes);
});

test.each([
  ["of 23 bytes", `whsec_${base64(23)}`],
  ["of 65 bytes", `whsec_${base64(65)}`],
  ["without its prefix", base64(32)],
  ["with another prefix", `whpub_${base64(32)}`],
  ["with its prefix in capitals", `WHSEC_${base64(32)}`],
  ["that is not base64", `whsec_${"!".repeat(32)}`],
  ["in base64url", `whsec_${btoa("\xff\xfe".repeat(16)).replaceAll("/", "_")}`],
  ["with white space", `whsec_${base64(32)} `],
  ["empty", ""],
])("a signing secret %s is not", (_, secret) => {
  expect(decodeSigningSecret(secret)).toBeUndefined();
});

test("of the texts that decode to the same bytes only the canonical one is base64", () => {
  expect(decodeBase64("/w==")).toEqual(new Uint8Array([0xff]));
  expect(decodeBase64("/x==")).toBeUndefined();
  expect(decodeBase64("/w")).toBeUndefined();
});

test("a token's digest is its SHA-256", async () => {
  const digest = await digestToken("abc");
  expect(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test.each([
  [`cs_${"a".repeat(43)}`, true],
  [`cs_${"-_".repeat(21)}A`, true],
  [`cs_${"a".repeat(42)}`, false],
  [` cs_${"a".repeat(43)}`, false],
  [`cs_${"a".repeat(43)}\n`, false],
  [`cs_${"a".repeat(44)}`, false],
  [`xx_${"a".repeat(43)}`, false],
  [`cs_${"a".repeat(42)}+`, false],
])("%s as a token: %s", (token, isToken) => {
  expect(TOKEN_PATTERN.test(token)).toBe(isToken);
});
