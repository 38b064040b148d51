import { expect, test } from "vitest";
import { parseSecretsJson } from "./parse-secrets-json.ts";

const values = (document: unknown) =>
  parseSecretsJson(JSON.stringify(document)).secrets.map(({ name, value }) => [name, value]);

test.each<[string, unknown]>([
  ["an object of names and values", { A: "1", data: "2" }],
  [
    "pairs",
    [
      { key: "A", value: "1", comment: "" },
      { key: "data", value: "2" },
    ],
  ],
  ["vault's first version", { request_id: "r", data: { A: "1", data: "2" } }],
  ["vault's second version", { data: { data: { A: "1", data: "2" }, metadata: { version: 1 } } }],
])("%s are told apart by their shape, also with a secret called data", (_, document) => {
  expect(values(document)).toEqual([
    ["A", "1"],
    ["data", "2"],
  ]);
});

test("a name that JSON.parse would keep the last value of is an issue, where the secrets are", () => {
  const twice = '{"A":"1","\\u0041":"2"}';
  const issues = [{ path: "A", rule: "name must not be used twice" }];
  expect(parseSecretsJson(twice).issues).toEqual(issues);
  expect(parseSecretsJson(`{"data":${twice}}`).issues).toEqual(issues);
  expect(parseSecretsJson(`{"data":{"data":${twice},"metadata":{}}}`).issues).toEqual(issues);
  expect(parseSecretsJson(`{"data":{"data":{"A":"1"},"metadata":${twice}}}`).issues).toEqual([]);
});

test("a name is kept whatever it is called", () => {
  const json = '{"__proto__":"1","constructor":"2","toString":"3"}';
  expect(parseSecretsJson(json).secrets.map(({ name }) => name)).toEqual([
    "__proto__",
    "constructor",
    "toString",
  ]);
});

test("a byte order mark before the document is no part of it", () => {
  expect(parseSecretsJson('\uFEFF{"A":"1"}').secrets).toHaveLength(1);
});
