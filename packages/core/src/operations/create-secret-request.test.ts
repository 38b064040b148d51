import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { describeIssues } from "../issues.ts";
import { type CreateSecretRequest, CreateSecretRequestSchema } from "./create-secret.ts";

/** The rules that a JSON text breaks. */
function brokenRules(json: string) {
  const result = v.safeParse(CreateSecretRequestSchema, JSON.parse(json));
  return result.success ? [] : describeIssues(result.issues);
}

/** A valid body with members replaced, added, or, by `undefined`, left out. */
function body(changes: Record<string, unknown> = {}) {
  return JSON.stringify({ type: "new", name: "CRM_TOKEN", value: "hunter2", ...changes });
}

const REQUIRED = ["type", "name", "value"].map((path) => ({ path, rule: "is required" }));

describe("CreateSecretRequestSchema", () => {
  test.each([
    ["the documented body", body()],
    ["one character each", body({ name: "n", value: "v" })],
    ["a value of white space", body({ value: "\n" })],
    ["a name with a space inside", body({ name: "a b" })],
    ["a NUL in the value and a surrogate pair", body({ value: "\u0000\u{1f511}" })],
    ["a short value that is part of the name by chance", body({ name: "KEY_1", value: "1" })],
    ["a value of 60,000 characters", body({ value: "x".repeat(60_000) })],
  ])("CreateSecretRequestSchema accepts %s unchanged", (_, json) => {
    const request = JSON.parse(json);
    expect(v.parse(CreateSecretRequestSchema, request)).toStrictEqual(request);
  });

  test.each(["type", "name", "value"])("CreateSecretRequestSchema requires %s", (path) => {
    expect(brokenRules(body({ [path]: undefined }))).toEqual([{ path, rule: "is required" }]);
  });

  test.each(["New", "", "stored", 1, null, ["new"]])(
    "CreateSecretRequestSchema rejects the type %j",
    (type) => {
      expect(brokenRules(body({ type }))).toEqual([{ path: "type", rule: 'must be "new"' }]);
    },
  );

  describe.each(["name", "value"])("%s", (path) => {
    test(`${path} must not be empty`, () => {
      expect(brokenRules(body({ [path]: "" }))).toEqual([{ path, rule: "must not be empty" }]);
    });

    test.each([1, true, null, [], ["a"], {}])(`${path} must be a string, not %j`, (wrong) => {
      expect(brokenRules(body({ [path]: wrong }))).toEqual([{ path, rule: "must be a string" }]);
    });

    test.each(["\ud800", "a\udc00b", "\udc00\ud800"])(
      `${path} must not contain a lone surrogate, as in %j`,
      (text) => {
        expect(brokenRules(body({ [path]: text }))).toEqual([
          { path, rule: "must be well-formed Unicode" },
        ]);
      },
    );
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "secret_id", "Name"])(
    "CreateSecretRequestSchema rejects the unknown field %s by name",
    (key) => {
      const json = `{"${key}":{},${body().slice(1)}`;
      expect(brokenRules(json)).toEqual([{ path: key, rule: "is not a known field" }]);
    },
  );

  test("fields inside a __proto__ member do not count", () => {
    expect(brokenRules(`{"__proto__":${body()}}`)).toEqual([
      ...REQUIRED,
      { path: "__proto__", rule: "is not a known field" },
    ]);
  });

  test("every broken rule is listed", () => {
    expect(brokenRules("{}")).toEqual(REQUIRED);
    expect(brokenRules("[]")).toEqual(REQUIRED);
  });

  test.each([
    ["the value", { name: "hunter2", value: "hunter2" }],
    ["the value among other characters", { name: "CRM_hunter2_TOKEN", value: "hunter2" }],
  ])("a name that contains %s is rejected", (_, changes) => {
    expect(brokenRules(body(changes))).toEqual([
      { path: "name", rule: "must not contain the value" },
    ]);
  });

  test.each(["null", '"text"', "1", "true"])(
    "CreateSecretRequestSchema rejects the document %s",
    (json) => {
      expect(brokenRules(json)).toEqual([{ path: "", rule: "must be a JSON object" }]);
    },
  );

  test("messages do not quote the input", () => {
    const wrong = { type: "canary-1", name: ["canary-2"], value: "", extra: "canary-3" };
    const { issues } = v.safeParse(CreateSecretRequestSchema, wrong);
    expect(issues?.map(({ message }) => message).join()).not.toContain("canary");
  });

  test("CreateSecretRequest has three string fields", () => {
    expectTypeOf<CreateSecretRequest>().toEqualTypeOf<{
      type: "new";
      name: string;
      value: string;
    }>();
    expectTypeOf<
      v.InferInput<typeof CreateSecretRequestSchema>
    >().toEqualTypeOf<CreateSecretRequest>();
  });
});
