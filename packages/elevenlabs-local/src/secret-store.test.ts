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
  test("a prefix finds every name that starts with it, and no other", () => {
    const store = fill("B", "AB", "A", "ABC", "a", "AC", "");

    expect(namesOf(store.list("A", undefined, 10))).toEqual(["A", "AB", "ABC", "AC"]);
    expect(namesOf(store.list("AB", undefined, 10))).toEqual(["AB", "ABC"]);
    expect(namesOf(store.list("", undefined, 10))).toHaveLength(7);
    expect(store.list("D", undefined, 10)).toEqual([]);
  });

  test("a listing goes on after a position, even if its secret is gone", () => {
    const store = fill("A", "A", "A", "B");
    const [first, second] = store.list("", undefined, 2);
    if (first === undefined || second === undefined) throw new Error("nothing listed");
    store.delete(second.secret_id);

    expect(namesOf(store.list("", second, 10))).toEqual(["A", "B"]);
    expect(namesOf(store.list("B", first, 10))).toEqual(["B"]);
  });

  test("a name is found exactly, not by prefix", () => {
    const store = fill("AB");
    expect(store.findByName("A")).toBeUndefined();
    expect(store.findByName("AB")).toMatchObject({ name: "AB" });
  });

  test("ids look like those of ElevenLabs and differ", () => {
    const ids = fill("A", "A").records();
    expect(new Set(ids.map(({ secret_id }) => secret_id)).size).toBe(2);
    for (const { secret_id } of ids) expect(secret_id).toMatch(/^[A-Za-z0-9]{20}$/);
  });

  test("finding one name takes no longer among 200,000 than among few", () => {
    const store = new SecretStore();
    for (let i = 0; i < 200_000; i += 1) store.create(`SECRET_${i}`, "1");

    const startedAt = performance.now();
    for (let i = 0; i < 10_000; i += 1) store.list("SECRET_199999", undefined, 100);
    // One scan of all names takes milliseconds, so 10,000 of them would take a minute.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
