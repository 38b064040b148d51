import { expect, test } from "vitest";
import { createSecretFilter } from "./secret-filter.ts";

const token = `cs_${"a".repeat(43)}`;

test.each([
  ["the value", "hunter2!", "hunter2!", true],
  ["a text around the value", "hunter2!", "id-hunter2!-0", true],
  ["a text around the credential", "v", `id-${token}`, true],
  ["a very short value itself", "1", "1", true],
  ["an id that contains a very short value by chance", "1", "a1b2c3", false],
  ["any other text", "hunter2!", "a1b2c3", false],
])("%s: %j in %j is %s", (_, value, text, isSecret) => {
  expect(createSecretFilter([token, undefined, value]).contains(text)).toBe(isSecret);
});
