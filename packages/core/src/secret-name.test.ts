import * as v from "valibot";
import { expect, test } from "vitest";
import { MAX_NAME_LENGTH, SecretNameSchema } from "./secret-name.ts";

test.each(["A", "CRM_TOKEN", "a b", "grün", "🔑".repeat(MAX_NAME_LENGTH)])(
  "the name %j is accepted",
  (name) => {
    expect(v.is(SecretNameSchema, name)).toBe(true);
  },
);

test.each([
  ["", "must not be empty"],
  ["a".repeat(MAX_NAME_LENGTH + 1), "must not be longer than 255 characters"],
  ["gru\u0308n", "must be in Unicode normal form NFC"],
  ["a\n", "must not contain control or format characters"],
  ["a\u200bb", "must not contain control or format characters"],
  ["a\u2028b", "must not contain control or format characters"],
  [" a", "must not start or end with white space"],
  ["a\u00a0", "must not start or end with white space"],
  ["a\ud800", "must be well-formed Unicode"],
])("the name %j %s", (name, rule) => {
  const result = v.safeParse(SecretNameSchema, name);
  expect(result.issues?.map(({ message }) => message)).toContain(rule);
});
