import { expect, test } from "vitest";
import { findSecrets } from "./find-secrets.ts";

const token = `cs_${"a".repeat(43)}`;

test.each([
  ["the value", "hunter2!", "hunter2!", true],
  ["a text around the value", "hunter2!", "id-hunter2!-0", true],
  ["a text around the credential", "v", `id-${token}`, true],
  ["a very short value itself", "1", "1", true],
  ["an id that has a very short value in it by chance", "1", "a1b2c3", false],
  ["any other text", "hunter2!", "a1b2c3", false],
])("%s: %j in %j is %s", (_, value, text, isSecret) => {
  expect(findSecrets({ token }, value)(text)).toBe(isSecret);
});
