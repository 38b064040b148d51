import { expect, test } from "vitest";
import type { DeliveryContent } from "../../src/ledger/delivery-outcome.ts";
import { takeFingerprints } from "../../src/ledger/fingerprint.ts";

function importKey(text: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(text.padEnd(32, "."));
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function create(name: string, value: string): DeliveryContent {
  return { operation: "create", existing: "create", name, value };
}

test("every other operation, sender, name or value has another fingerprint and derived id", async () => {
  const key = await importKey("one");
  const update = { operation: "update", existing: "update", name: "a", value: "bc" } as const;
  const contents: readonly (readonly [string, DeliveryContent])[] = [
    ["main", create("a", "bc")],
    ["main", create("ab", "c")],
    ["main", create('a","b', "c")],
    ["main", create("a", 'b","c')],
    ["other", create("a", "bc")],
    ["main", { ...update, secretId: "s1" }],
    ["main", { ...update, secretId: "s2" }],
  ];
  const taken = await Promise.all(
    contents.map(([sender, content]) => takeFingerprints(sender, content, [key])),
  );
  expect(new Set(taken.map(([{ digest }]) => digest)).size).toBe(contents.length);
  expect(new Set(taken.map(([{ derivedId }]) => derivedId)).size).toBe(contents.length);
});

test("a derived id does not contain the fingerprint", async () => {
  const [taken] = await takeFingerprints("main", create("a", "b"), [await importKey("one")]);
  expect(taken.derivedId).not.toContain(taken.digest);
});

test("each ledger key gives its own fingerprint and key id, the newer key first", async () => {
  const keys = [await importKey("new"), await importKey("old")];
  const [newer, older] = await takeFingerprints("main", create("a", "b"), keys);
  const [alone] = await takeFingerprints("main", create("a", "b"), keys.slice(1));
  expect(older).toEqual(alone);
  expect(newer.keyId).not.toBe(older?.keyId);
  expect(newer.digest).not.toBe(older?.digest);
});
