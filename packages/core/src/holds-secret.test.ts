import { expect, test } from "vitest";
import { holdsSecret } from "./holds-secret.ts";

test.each([
  ["what was sent", "correct horse", true],
  ["what was sent, with more around it", "id-correct horse-1", true],
  ["a short secret alone", "abc", true],
  ["a short secret within an id, by chance", "sec_abcdef", false],
  ["a part of what was sent", "correct", false],
  ["nothing of it", "sec_1", false],
])("%s", (_, text, expected) => {
  expect(holdsSecret(text, ["correct horse", "abc"])).toBe(expected);
});
