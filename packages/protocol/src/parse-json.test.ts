import { expect, test } from "vitest";
import { parseJson } from "./parse-json.ts";

test.each([
  ['{"a":1,"b":[{"a":1},{"a":2}],"c":"a"}'],
  ['{"a":{"b":1},"b":1}'],
  ['["{\\"a\\":1,", "a", ":"]'],
  ["1"],
  ['""'],
])("JSON without duplicate keys is parsed: %s", (text) => {
  expect(parseJson(text)).toEqual({ json: JSON.parse(text) });
});

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"x":[{"b":1,"c":{},"b":[]}]}', "b"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ['{"":1,"":2}', ""],
])("JSON with a duplicate key is rejected with the key: %s", (text, key) => {
  expect(parseJson(text)).toEqual({ issue: { reason: "duplicate_key", key } });
});

test("text that is not JSON is rejected without a quotation of it", () => {
  expect(parseJson('{"value":"secret"')).toEqual({ issue: { reason: "malformed" } });
});

test("a deeply nested document of 64 KiB is parsed", () => {
  const text = "[".repeat(5_000) + "]".repeat(5_000);
  expect(parseJson(text).issue).toBeUndefined();
});
