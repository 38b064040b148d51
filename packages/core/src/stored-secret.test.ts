import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";

const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

describe("StoredSecretSchema", () => {
  test("takes the documented answer", () => {
    expect(v.parse(StoredSecretSchema, STORED)).toStrictEqual(STORED);
  });

  test("tolerates an unknown field and drops it, a value above all", () => {
    const answer = JSON.parse(
      '{"__proto__":{"a":1},"type":"stored","secret_id":"sec_1","name":"CRM_TOKEN","value":"hunter2","used_by":{}}',
    );
    const stored = v.parse(StoredSecretSchema, answer);
    expect(stored).toStrictEqual(STORED);
    expect(Object.keys(stored)).toEqual(["type", "secret_id", "name"]);
  });

  test("takes an empty name, which is no reason to doubt the id", () => {
    expect(v.is(StoredSecretSchema, { ...STORED, name: "" })).toBe(true);
  });

  test.each([
    ["another type", { ...STORED, type: "new" }],
    ["no type", { secret_id: "sec_1", name: "a" }],
    ["no id", { type: "stored", name: "a" }],
    ["an empty id", { ...STORED, secret_id: "" }],
    ["an id that is a number", { ...STORED, secret_id: 1 }],
    ["no name", { type: "stored", secret_id: "sec_1" }],
    ["a name that is null", { ...STORED, name: null }],
    ["null", null],
    ["a string", "stored"],
    ["an array", [STORED]],
  ])("refuses %s", (_, answer) => {
    expect(v.is(StoredSecretSchema, answer)).toBe(false);
  });

  test("has no value in its type", () => {
    expectTypeOf<StoredSecret>().toEqualTypeOf<{
      type: "stored";
      secret_id: string;
      name: string;
    }>();
  });
});
