import { PROBLEM_CODES, PROBLEMS } from "@convai-secrets/protocol";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { readDocument } from "../support/read-document.ts";

const document = await readDocument();

test("the OpenAPI document is valid", async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("the validator rejects a broken document", async () => {
  const operation = document.paths["/healthz"]?.["get"];
  const broken = { ...document, paths: { "/healthz": { get: { ...operation, responses: 200 } } } };
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});

test("every reference in the OpenAPI document resolves", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  const targets = references.map(([, path = ""]) =>
    path
      .split("/")
      .reduce((node: unknown, key) => (node as Record<string, unknown>)[key], document),
  );
  expect(targets.length).toBeGreaterThan(20);
  expect(targets).not.toContain(undefined);
});

test("the status of every problem is a response of an operation, except 404 of unknown paths and 405", () => {
  const references = JSON.stringify(document.paths);
  const statuses = new Set(PROBLEM_CODES.map((code) => PROBLEMS[code].status));
  const missing = [...statuses].filter((status) => !references.includes(`/Problem${status}"`));
  expect(missing).toEqual([PROBLEMS.method_not_allowed.status]);
});
