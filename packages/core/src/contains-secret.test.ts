import { expect, test } from "vitest";
import { containsSecret } from "./contains-secret.ts";

test.each([
  ["a text that is the secret", "correct horse", true],
  ["a text around the secret", "id-correct horse-1", true],
  ["a text that is a short secret", "abc", true],
  ["a text around a secret of 6 characters", "sec_123456", true],
  ["a text around a shorter secret, by chance", "sec_abcdef", false],
  ["a part of the secret", "correct", false],
  ["an unrelated text", "sec_1", false],
])("containsSecret of %s: %s is %s", (_, text, expected) => {
  expect(containsSecret(text, ["correct horse", "abc", "123456"])).toBe(expected);
});
