import { describe, expect, test } from "vitest";
import { SecretStore } from "./secret-store.ts";

function fill(...names: string[]) {
  const store = new SecretStore();
  for (const name of names) store.create(name, "1");
  return store;
}

function namesOf(found: readonly { name: string }[]) {
  return found.map(({ name }) => name);
}

describe("SecretStore", () => {
  test("list returns the secrets whose names start with the prefix", () => {
    const store = fill("B", "AB", "A", "ABC", "a", "AC", "");

    expect(namesOf(store.list("A", undefined, 10))).toEqual(["A", "AB", "ABC", "AC"]);
    expect(namesOf(store.list("AB", undefined, 10))).toEqual(["AB", "ABC"]);
    expect(namesOf(store.list("", undefined, 10))).toHaveLength(7);
    expect(store.list("D", undefined, 10)).toEqual([]);
  });

  test("list continues after a position whose secret was deleted", () => {
    const store = fill("A", "A", "A", "B");
    const [first, second] = store.list("", undefined, 2);
    if (first === undefined || second === undefined) throw new Error("nothing listed");
    store.delete(second.secret_id);

    expect(namesOf(store.list("", second, 10))).toEqual(["A", "B"]);
    expect(namesOf(store.list("B", first, 10))).toEqual(["B"]);
  });

  test("findByName finds the exact name, not a prefix", () => {
    const store = fill("AB");
    expect(store.findByName("A")).toBeUndefined();
    expect(store.findByName("AB")).toMatchObject({ name: "AB" });
  });

  test("ids are different and look like those of ElevenLabs", () => {
    const ids = fill("A", "A").records();
    expect(new Set(ids.map(({ secret_id }) => secret_id)).size).toBe(2);
    for (const { secret_id } of ids) expect(secret_id).toMatch(/^[A-Za-z0-9]{20}$/);
  });

  test("a listing until a time leaves out secrets that were created later", () => {
    const store = fill("A", "B");
    const [first] = store.list("", undefined, 1);
    if (first === undefined) throw new Error("nothing listed");
    expect(store.list("", undefined, 10, first.createdAt - 1)).toEqual([]);
    expect(namesOf(store.list("", undefined, 10, Date.now()))).toEqual(["A", "B"]);
  });
});
