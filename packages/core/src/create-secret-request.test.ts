import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type CreateSecretRequest, CreateSecretRequestSchema } from "./create-secret-request.ts";
import { describeIssues } from "./issues.ts";

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
    ["white space, which is a character like any other", body({ name: " ", value: "\n" })],
    ["a NUL and a surrogate pair", body({ name: "\u0000", value: "\u{1f511}" })],
    ["a value of 60,000 characters", body({ value: "x".repeat(60_000) })],
  ])("takes %s and changes nothing", (_, json) => {
    const request = JSON.parse(json);
    expect(v.parse(CreateSecretRequestSchema, request)).toStrictEqual(request);
  });

  test.each(["type", "name", "value"])("requires %s", (path) => {
    expect(brokenRules(body({ [path]: undefined }))).toEqual([{ path, rule: "is required" }]);
  });

  test.each(["New", "", "stored", 1, null, ["new"]])("refuses %j as type", (type) => {
    expect(brokenRules(body({ type }))).toEqual([{ path: "type", rule: 'must be "new"' }]);
  });

  describe.each(["name", "value"])("%s", (path) => {
    test("must not be empty", () => {
      expect(brokenRules(body({ [path]: "" }))).toEqual([{ path, rule: "must not be empty" }]);
    });

    test.each([1, true, null, [], ["a"], {}])("must be a string, not %j", (wrong) => {
      expect(brokenRules(body({ [path]: wrong }))).toEqual([{ path, rule: "must be a string" }]);
    });

    test.each(["\ud800", "a\udc00b", "\udc00\ud800"])(
      "must not hold a lone surrogate, as in %j",
      (text) => {
        expect(brokenRules(body({ [path]: text }))).toEqual([
          { path, rule: "must be well-formed Unicode" },
        ]);
      },
    );
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "secret_id", "Name"])(
    "refuses the unknown field %s by name",
    (key) => {
      const json = `{"${key}":{},${body().slice(1)}`;
      expect(brokenRules(json)).toEqual([{ path: key, rule: "is not a known field" }]);
    },
  );

  test("does not find the fields in a __proto__ member", () => {
    expect(brokenRules(`{"__proto__":${body()}}`)).toEqual([
      ...REQUIRED,
      { path: "__proto__", rule: "is not a known field" },
    ]);
  });

  test("names every broken rule at once", () => {
    expect(brokenRules("{}")).toEqual(REQUIRED);
    expect(brokenRules("[]")).toEqual(REQUIRED);
  });

  test.each(["null", '"text"', "1", "true"])("refuses the document %s", (json) => {
    expect(brokenRules(json)).toEqual([{ path: "", rule: "must be a JSON object" }]);
  });

  test("has messages that do not quote the input", () => {
    const wrong = { type: "canary-1", name: ["canary-2"], value: "", extra: "canary-3" };
    const { issues } = v.safeParse(CreateSecretRequestSchema, wrong);
    expect(issues?.map(({ message }) => message).join()).not.toContain("canary");
  });

  test("is of the type that its callers write", () => {
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
