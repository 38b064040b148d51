import { expect, test } from "vitest";
import { CommandFailure } from "../command-failure.ts";
import type { JsonFormatName } from "./json-formats.ts";
import { parseJsonSecrets } from "./parse-json-secrets.ts";

const read = (document: unknown, format?: JsonFormatName) => {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const { secrets } = parseJsonSecrets(text, "standard input", format);
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
};

const SECRET = { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } };
const VAULT = { request_id: "b0b1", lease_id: "", renewable: false, warnings: null };

test.each<[string, unknown, Record<string, unknown>]>([
  ["a flat object", { A: "1", B: 2 }, { A: "1", B: 2 }],
  ["pairs of Infisical", [{ key: "A", value: "1", type: "shared" }], { A: "1" }],
  ["version 1 of Vault", { ...VAULT, data: { A: "1" } }, { A: "1" }],
  [
    "version 2 of Vault",
    { ...VAULT, data: { data: { A: "1" }, metadata: { version: 3 } } },
    { A: "1" },
  ],
  ["a Kubernetes Secret", { ...SECRET, type: "Opaque", data: { A: "czNjcmV0" } }, { A: "s3cret" }],
  [
    "stringData over data",
    { ...SECRET, data: { A: "czNjcmV0", B: "Yg==" }, stringData: { A: "plain" } },
    { B: "b", A: "plain" },
  ],
  ["a secret called data", { data: "1" }, { data: "1" }],
])("%s is read", (_, document, secrets) => {
  expect(read(document)).toEqual(secrets);
});

test.each<[string, unknown]>([
  ["a flat object with an object in it", { CRM_TOKEN: "canary", data: { X: "canary" } }],
  ["an object with only data", { data: { A: "canary" } }],
  ["a Kubernetes ConfigMap", { ...SECRET, kind: "ConfigMap", data: { A: "canary" } }],
  ["a Kubernetes List", { apiVersion: "v1", kind: "List", items: [] }],
  ["a Kubernetes Secret with another field", { ...SECRET, data: {}, canary: 1 }],
  ["an object with apiVersion and kind", { apiVersion: "v1", kind: "Secret", data: "canary" }],
  ["an answer of Vault with another field", { ...VAULT, data: { A: "canary" }, canary: "x" }],
  ["pairs with another field", [{ key: "A", value: "canary", data: { X: "canary" } }]],
  ["pairs and something else", [{ key: "A", value: "canary" }, { name: "canary" }]],
  ["a string", '"canary"'],
])("%s is rejected with the known formats", (_, document) => {
  const failure = catchFailure(() => read(document));
  expect(failure.issues[0]?.rule).toBe("must be, as a whole, one of these formats");
  const paths = failure.issues.slice(1).map(({ path }) => path);
  expect(paths).toEqual(["json", "infisical", "vault", "kubernetes"].map((it) => `--format ${it}`));
  expect(JSON.stringify(failure.issues)).not.toContain("canary");
});

test("--format accepts fields that a newer version of the producer may add", () => {
  expect(read([{ key: "A", value: "1", newField: {} }], "infisical")).toEqual({ A: "1" });
  expect(read({ ...VAULT, data: { A: "1" }, new_field: 1 }, "vault")).toEqual({ A: "1" });
  expect(() => read({ A: "1" }, "vault")).toThrow(CommandFailure);
});

test.each([
  '{"A":"canary","A":"x"}',
  '{"data":{"A":"1"},"data":{"B":"2"}}',
  '[{"key":"A","value":"canary","value":"x"}]',
])("duplicate keys are rejected: %s", (text) => {
  const failure = catchFailure(() => read(text));
  expect(failure.issues[0]?.rule).toBe("must not contain duplicate keys");
  expect(JSON.stringify(failure.issues)).not.toContain("canary");
});

test.each([
  ["bm90IGJhc2U2NA", "value must be base64"],
  ["/w==", "value must be UTF-8; encode a binary value as text first"],
  ["YQBi", "value must not contain NUL; is it UTF-16?"],
])("the Kubernetes value %s breaks a rule", (base64, rule) => {
  const text = JSON.stringify({ ...SECRET, data: { A: base64 } });
  expect(parseJsonSecrets(text, "FILE", undefined).secrets[0]?.rules).toEqual([rule]);
});

function catchFailure(call: () => unknown): CommandFailure {
  try {
    call();
  } catch (error) {
    if (error instanceof CommandFailure) return error;
  }
  throw new Error("The call did not fail with a CommandFailure");
}
