import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { describeIssues, type Issue, MAX_ISSUES } from "./issues.ts";
import { CreateSecretRequestSchema } from "./operations/create-secret.ts";
import { StoredSecretSchema } from "./stored-secret.ts";

function describeInput(schema: v.GenericSchema, input: unknown): Issue[] {
  return describeIssues(v.safeParse(schema, input).issues ?? []);
}

describe("describeIssues", () => {
  test("describeIssues joins names and indexes by dots", () => {
    const schema = v.object({ senders: v.array(v.object({ id: v.string("must be a string") })) });
    expect(describeInput(schema, { senders: [{ id: "a" }, { id: 1 }] })).toEqual([
      { path: "senders.1.id", rule: "must be a string" },
    ]);
  });

  test("describeIssues returns an empty path for the document itself", () => {
    expect(describeInput(v.object({}, "must be an object"), null)).toEqual([
      { path: "", rule: "must be an object" },
    ]);
  });

  test.each([
    "sk_0123456789abcdef0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef",
    "a123456789abcdef0123456789abcdef",
    "cs_qPz4m1Zk0b8dYh2Rj5TtUw",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "AKIAIOSFODNN7EXAMPLE",
    "hunter2",
    "s3cureP@ssw0rd2024!",
    "correct horse battery staple",
    "abcdefghijklmnopqrstuvwxyzabcdefg",
    "",
    "a.b",
    "ключ",
  ])("describeIssues shows a JSON key that looks like a credential as ?: %s", (key) => {
    const input = { type: "new", name: "a", value: "b", [key]: 1 };
    expect(describeInput(CreateSecretRequestSchema, input)).toEqual([
      { path: "?", rule: "is not a known field" },
    ]);
  });

  test("describeIssues shows nothing of the input, although valibot's default messages do", () => {
    const schema = v.object({
      text: v.literal("a"),
      number: v.pipe(v.number(), v.maxValue(3)),
      picked: v.picklist(["a", "b"]),
      stored: StoredSecretSchema,
      size: v.pipe(v.string(), v.maxLength(2)),
    });
    const canary = "canary-7f3a";
    const input = {
      text: canary,
      number: 4815162342,
      picked: canary,
      stored: { type: canary, secret_id: "", name: 4815162342 },
      size: canary,
    };
    const issues = describeInput(schema, input);
    expect(issues).toHaveLength(7);
    expect(JSON.stringify(issues)).not.toMatch(/canary|4815162342/);
    expect(issues[0]).toEqual({ path: "text", rule: "is not valid" });
  });

  test("describeIssues returns at most 20 issues", () => {
    const schema = v.array(v.string("must be a string"));
    expect(describeInput(schema, Array(100_000).fill(1))).toHaveLength(MAX_ISSUES);
  });

  test("describeIssues returns paths and rules only", () => {
    expectTypeOf<Issue>().toEqualTypeOf<{ readonly path: string; readonly rule: string }>();
    const [issue] = describeInput(CreateSecretRequestSchema, "canary");
    expect(Object.keys(issue ?? {})).toEqual(["path", "rule"]);
  });
});
