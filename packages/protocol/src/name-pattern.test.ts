import { expect, test } from "vitest";
import { matchesPattern } from "./name-pattern.ts";

test.each([
  ["VAULT_DB", "VAULT_DB"],
  ["VAULT_DB", "VAULT_*"],
  ["VAULT_", "VAULT_*"],
  ["VAULT_DB", "*"],
  ["VAULT_DB", "*_DB"],
  ["VAULT_DB", "V*_*B"],
  ["aab", "*ab"],
  ["abab", "*ab"],
  ["aXbXc", "a*b*c"],
  ["a", "**a**"],
  ["a.b", "a.b"],
  ["line\nbreak", "line*"],
  ["aaaa", "*aa*aa*"],
  ["a*b", "a*b"],
  ["🔑 ü", "🔑*"],
  ["", "*"],
])("%j fits %j", (name, pattern) => {
  expect(matchesPattern(name, pattern)).toBe(true);
});

test.each([
  ["vault_DB", "VAULT_*"],
  ["XVAULT_DB", "VAULT_*"],
  ["VAULT_DBX", "*_DB"],
  ["VAULT", "VAULT_*"],
  ["aba", "ab*ba"],
  ["ab", "ab*b"],
  ["acb", "a*b*c"],
  ["axb", "a.b"],
  ["a", ""],
  ["abc", "a*b"],
  ["ab", "*x*"],
  ["ab", "*b*a*"],
  ["ab", "*ab*b"],
  ["aaa", "*aa*aa*"],
  ["a*", "a\\*"],
])("%j does not fit %j", (name, pattern) => {
  expect(matchesPattern(name, pattern)).toBe(false);
});

test("a pattern that makes a backtracking matcher run without end is matched in time", () => {
  expect(matchesPattern("a".repeat(50_000), `${"*a".repeat(2_000)}*b`)).toBe(false);
});
