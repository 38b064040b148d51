import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { fingerprintSecret, type LedgerKey, openLedgerKey } from "../../src/ledger/fingerprint.ts";
import { LedgerStore } from "../../src/ledger/store.ts";

const SECRET = { type: "new", name: "NAME", value: "canary-value-c90e" } as const;

/** Opens the key of a ledger of its own, with one set of credentials after another. */
async function openWith(...sets: readonly string[][]): Promise<LedgerKey[]> {
  const stub = env.LEDGER.getByName(crypto.randomUUID());
  return runInDurableObject(stub, async (_, { storage }) => {
    const store = new LedgerStore(storage);
    const keys: LedgerKey[] = [];
    for (const names of sets) {
      keys.push(await openLedgerKey(store, await Promise.all(names.map(importCredential))));
      expect(store.readWrappedKeys()).toHaveLength(names.length);
    }
    return keys;
  });
}

function importCredential(name: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(name.padEnd(32, "."));
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** Whether the last key opened gives the fingerprints of the first. */
async function isKept(keys: readonly LedgerKey[]): Promise<boolean> {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) throw new Error("No key was opened");
  const before = await fingerprintSecret(SECRET, first);
  const after = await fingerprintSecret(SECRET, last);
  expect(after.keyId === before.keyId).toBe(after.digest === before.digest);
  return after.digest === before.digest;
}

describe("the ledger's key", () => {
  test.each([
    [
      "the same credentials",
      [
        ["api", "token"],
        ["api", "token"],
      ],
    ],
    [
      "the API key rotated",
      [
        ["api", "token"],
        ["new api", "token"],
      ],
    ],
    [
      "the token rotated",
      [
        ["api", "token"],
        ["api", "new token"],
      ],
    ],
    [
      "one after the other",
      [
        ["api", "token"],
        ["new api", "token"],
        ["new api", "new token"],
      ],
    ],
    ["the sender removed and added again", [["api", "token"], ["api"], ["api", "token"]]],
    [
      "their order changed",
      [
        ["api", "token"],
        ["token", "api"],
      ],
    ],
  ])("outlives %s", async (_, sets) => {
    expect(await isKept(await openWith(...sets))).toBe(true);
  });

  test("does not outlive all of them rotated at once", async () => {
    expect(await isKept(await openWith(["api", "token"], ["new api", "new token"]))).toBe(false);
  });

  test("is not opened by a credential that was rotated away", async () => {
    expect(await isKept(await openWith(["api", "token"], ["api"], ["token"]))).toBe(false);
  });
});

describe("a fingerprint", () => {
  test("tells every other name or value apart, wherever one ends and the other begins", async () => {
    const [key] = await openWith(["api"]);
    if (key === undefined) throw new Error("No key was opened");
    const contents = [
      ["a", "bc"],
      ["ab", "c"],
      ["a", "bcd"],
      ['a","b', "c"],
      ["a", 'b","c'],
    ] as const;
    const digests = await Promise.all(
      contents.map(async ([name, value]) => {
        return (await fingerprintSecret({ type: "new", name, value }, key)).digest;
      }),
    );
    expect(new Set(digests).size).toBe(contents.length);
  });

  test("of one ledger says nothing in another", async () => {
    const [one] = await openWith(["api"]);
    const [other] = await openWith(["api"]);
    if (one === undefined || other === undefined) throw new Error("No key was opened");
    const digests = [await fingerprintSecret(SECRET, one), await fingerprintSecret(SECRET, other)];
    expect(digests[0]?.digest).not.toBe(digests[1]?.digest);
  });
});

test("a ledger's first deliveries, of two API keys while one is rotated, make one key", async () => {
  const stub = env.LEDGER.getByName(crypto.randomUUID());
  const apiKeys = ["old-api-key", "new-api-key", "old-api-key"];
  const bindings = { ...env, ELEVENLABS_API_KEY: { get: async () => apiKeys.pop() } };
  await runInDurableObject(stub, async (ledger) => {
    vi.spyOn(ledger as unknown as { env: unknown }, "env", "get").mockReturnValue(bindings);
    const deliver = () => ledger.deliver({ senderId: "main", id: undefined, secret: SECRET });
    const reports = await Promise.all([deliver(), deliver(), deliver()]);
    expect(new Set(reports.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  });
});
