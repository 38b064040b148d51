import { describe, expect, test } from "vitest";
import { validateSecret } from "./validate-secret.ts";

function judge(body: unknown) {
  const validated = validateSecret(JSON.stringify(body), "new");
  return validated.ok ? validated.output : validated.issues;
}

describe("validateSecret", () => {
  test("a valid body is accepted, and unknown keys are ignored", () => {
    expect(judge({ type: "new", name: "A", value: "1", extra: true })).toEqual({
      name: "A",
      value: "1",
    });
  });

  test("the issue of a missing field echoes the whole body, the secret included", () => {
    const body = { type: "new", value: "hunter2" };
    expect(judge(body)).toEqual([
      { type: "missing", loc: ["body", "name"], msg: "Field required", input: body },
    ]);
  });

  test("the issue of a wrong type echoes the value", () => {
    expect(judge({ type: "new", name: "A", value: ["hunter2"] })).toEqual([
      {
        type: "string_type",
        loc: ["body", "value"],
        msg: "Input should be a valid string",
        input: ["hunter2"],
      },
    ]);
  });

  test("the field type must be the literal of the operation", () => {
    expect(judge({ type: "update", name: "A", value: "1" })).toEqual([
      {
        type: "literal_error",
        loc: ["body", "type"],
        msg: "Input should be 'new'",
        input: "update",
        ctx: { expected: "'new'" },
      },
    ]);
  });

  test("all issues are listed", () => {
    expect(judge({})).toMatchObject([
      { loc: ["body", "type"] },
      { loc: ["body", "name"] },
      { loc: ["body", "value"] },
    ]);
  });

  test.each([
    ["", { type: "missing", loc: ["body"], input: null }],
    ["{", { type: "json_invalid", loc: ["body", 0], ctx: { error: "Expecting value" } }],
    ['["hunter2"]', { type: "model_attributes_type", loc: ["body"], input: ["hunter2"] }],
    ["null", { type: "model_attributes_type", loc: ["body"], input: null }],
  ])("a body that is not an object is rejected: %s", (text, issue) => {
    expect(validateSecret(text, "new")).toMatchObject({ ok: false, issues: [issue] });
  });
});
