import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";

const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

describe("StoredSecretSchema", () => {
  test("StoredSecretSchema accepts the documented response", () => {
    expect(v.parse(StoredSecretSchema, STORED)).toStrictEqual(STORED);
  });

  test("StoredSecretSchema drops unknown fields, for instance a value", () => {
    const answer = JSON.parse(
      '{"__proto__":{"a":1},"type":"stored","secret_id":"sec_1","name":"CRM_TOKEN","value":"hunter2","used_by":{}}',
    );
    const stored = v.parse(StoredSecretSchema, answer);
    expect(stored).toStrictEqual(STORED);
    expect(Object.keys(stored)).toEqual(["type", "secret_id", "name"]);
  });

  test("StoredSecretSchema accepts an empty name", () => {
    expect(v.is(StoredSecretSchema, { ...STORED, name: "" })).toBe(true);
  });

  test.each([
    ["another type", { ...STORED, type: "new" }],
    ["no type", { secret_id: "sec_1", name: "a" }],
    ["no id", { type: "stored", name: "a" }],
    ["an empty id", { ...STORED, secret_id: "" }],
    ["an id of 129 characters", { ...STORED, secret_id: "a".repeat(129) }],
    ["an id with a line break", { ...STORED, secret_id: "sec_1\n" }],
    ["an id with a slash", { ...STORED, secret_id: "../1" }],
    ["an id that is a number", { ...STORED, secret_id: 1 }],
    ["no name", { type: "stored", secret_id: "sec_1" }],
    ["a name that is null", { ...STORED, name: null }],
    ["null", null],
    ["a string", "stored"],
    ["an array", [STORED]],
  ])("StoredSecretSchema rejects %s", (_, answer) => {
    expect(v.is(StoredSecretSchema, answer)).toBe(false);
  });

  test("StoredSecret has no value", () => {
    expectTypeOf<StoredSecret>().toEqualTypeOf<{
      type: "stored";
      secret_id: string;
      name: string;
    }>();
  });
});
