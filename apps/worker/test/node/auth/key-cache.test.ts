import { setTimeout as sleep } from "node:timers/promises";
import { type Issuer, type IssuerFault, startIssuer } from "@convai-secrets/testing";
import { expect, onTestFinished, test } from "vitest";
import { MAX_DOCUMENT_BYTES } from "../../../src/auth/fetch-json.ts";
import {
  FRESH_KEYS_MS,
  KeyCache,
  type KeyLoadFailure,
  MAX_KEYS_AGE_MS,
  MAX_LOAD_MS,
  MIN_LOAD_INTERVAL_MS,
} from "../../../src/auth/key-cache.ts";
import { createOidcVerifier } from "../../../src/auth/oidc-verifier.ts";
import { GITHUB_CLAIMS, githubRule } from "./oidc-fixtures.ts";

const DISCOVERY = "/.well-known/openid-configuration";
const START = Date.now();

async function startTestIssuer(options: Parameters<typeof startIssuer>[0] = {}): Promise<Issuer> {
  const issuer = await startIssuer(options);
  onTestFinished(() => issuer.stop());
  return issuer;
}

/** Decides on tokens that are valid at `START` plus the given time. */
function makeVerifier(issuer: Issuer) {
  const verifier = createOidcVerifier([{ id: "deployer", oidc: [githubRule(issuer)] }], { fetch });
  return async (atMs: number, kid?: string, header?: Record<string, unknown>) => {
    const iat = Math.floor((START + atMs) / 1000);
    const times = { iat, exp: iat + 300 };
    const options = { ...(kid !== undefined && { kid }), ...(header !== undefined && { header }) };
    const token = await issuer.sign({ ...GITHUB_CLAIMS, ...times }, options);
    return (await verifier.verify(token, START + atMs)).kind;
  };
}

test("Many concurrent tokens load the issuer's keys once", async () => {
  const issuer = await startTestIssuer();
  const decide = makeVerifier(issuer);
  const kinds = await Promise.all(Array.from({ length: 20 }, () => decide(0)));
  expect(new Set(kinds)).toEqual(new Set(["authenticated"]));
  expect(issuer.requests).toEqual([DISCOVERY, "/keys"]);
});

test("A flood of unknown key ids loads the keys at most once a minute, counted from the attempt", async () => {
  const issuer = await startTestIssuer();
  const decide = makeVerifier(issuer);
  await decide(0);
  const flood = async (atMs: number) => {
    for (let index = 0; index < 20; index += 1) {
      expect(await decide(atMs, undefined, { kid: `unknown-${index}` })).toBe("rejected");
    }
  };
  await flood(1_000);
  expect(issuer.requests).toHaveLength(2);
  issuer.setFault({ kind: "status", status: 500 });
  await flood(MIN_LOAD_INTERVAL_MS);
  expect(issuer.requests).toHaveLength(3);
  await flood(2 * MIN_LOAD_INTERVAL_MS - 1);
  expect(issuer.requests).toHaveLength(3);
  await flood(2 * MIN_LOAD_INTERVAL_MS);
  expect(issuer.requests).toHaveLength(4);
  expect(await decide(2 * MIN_LOAD_INTERVAL_MS)).toBe("authenticated");
});

test("An issuer that fails is asked at most once a minute, also before its first keys", async () => {
  const issuer = await startTestIssuer();
  issuer.setFault({ kind: "status", status: 503 });
  const decide = makeVerifier(issuer);
  for (let index = 0; index < 10; index += 1) {
    expect(await decide(index)).toBe("keys_unavailable");
  }
  expect(issuer.requests).toHaveLength(1);
  issuer.setFault(undefined);
  expect(await decide(MIN_LOAD_INTERVAL_MS)).toBe("authenticated");
});

test("While no keys were loaded, the answer says when the next attempt is", async () => {
  const issuer = await startTestIssuer();
  issuer.setFault({ kind: "status", status: 503 });
  const cache = new KeyCache({ issuer: issuer.url, fetch });
  expect(await cache.current(START)).toBeUndefined();
  expect(cache.retryAfterMs(START + 15_000)).toBe(45_000);
});

test("A token signed with a new key is accepted after one refresh", async () => {
  const issuer = await startTestIssuer();
  const decide = makeVerifier(issuer);
  expect(await decide(0)).toBe("authenticated");
  const kid = await issuer.addKey("ES256");
  expect(await decide(MIN_LOAD_INTERVAL_MS, kid)).toBe("authenticated");
  expect(issuer.requests).toHaveLength(4);
});

test("A withdrawn key is rejected as soon as the keys are no longer fresh", async () => {
  const issuer = await startTestIssuer();
  await issuer.addKey("ES256");
  const decide = makeVerifier(issuer);
  expect(await decide(0, "RS256-1")).toBe("authenticated");
  issuer.withdrawKey("RS256-1");
  expect(await decide(FRESH_KEYS_MS - 1, "RS256-1")).toBe("authenticated");
  expect(await decide(FRESH_KEYS_MS, "RS256-1")).toBe("rejected");
  expect(await decide(FRESH_KEYS_MS, "ES256-2")).toBe("authenticated");
});

test("If refreshes fail, old keys stay valid for 24 hours and then the answer is keys_unavailable", async () => {
  const issuer = await startTestIssuer();
  const decide = makeVerifier(issuer);
  await decide(0);
  issuer.setFault({ kind: "status", status: 500 });
  expect(await decide(FRESH_KEYS_MS)).toBe("authenticated");
  expect(await decide(MAX_KEYS_AGE_MS)).toBe("authenticated");
  expect(await decide(MAX_KEYS_AGE_MS + 1)).toBe("keys_unavailable");
});

const huge = JSON.stringify({ keys: [{ kty: "RSA", padding: "a".repeat(MAX_DOCUMENT_BYTES) }] });

test.each<[string, IssuerFault, KeyLoadFailure]>([
  ["a redirect", { kind: "redirect", to: "/elsewhere" }, "redirected"],
  ["an error", { kind: "status", status: 500 }, "refused"],
  ["an empty answer", { kind: "status", status: 204 }, "refused"],
  ["no keys", { kind: "body", body: '{"keys":[]}' }, "unreadable"],
  ["an empty body", { kind: "body", body: "" }, "unreadable"],
  ["a body over 64 KiB", { kind: "body", body: huge }, "unreadable"],
  ["HTML", { kind: "body", body: "<!doctype html>" }, "unreadable"],
  ["duplicate keys", { kind: "body", body: '{"keys":[],"keys":[{"kty":"RSA"}]}' }, "unreadable"],
  ["a document that never ends", { kind: "stall" }, "timed_out"],
])(
  "An answer with %s leaves the old keys valid, and is never followed",
  async (_, fault, failure) => {
    const issuer = await startTestIssuer();
    const failures: (KeyLoadFailure | undefined)[] = [];
    const cache = new KeyCache({
      issuer: issuer.url,
      jwksUrl: issuer.jwksUrl,
      fetch,
      onLoad: (_issuer, reason) => failures.push(reason),
    });
    const keys = await cache.current(START);
    expect(keys).toBeDefined();
    issuer.setFault(fault);
    expect(await cache.current(START + FRESH_KEYS_MS)).toBe(keys);
    expect(failures).toEqual([undefined, failure]);
    expect(issuer.requests).toEqual(["/keys", "/keys"]);
  },
  15_000,
);

test.each<[string, Parameters<typeof startIssuer>[0], KeyLoadFailure]>([
  ["another issuer", { discoveredIssuer: "https://id.example.com" }, "wrong_issuer"],
  ["keys on another host", { discoveredJwksUrl: "https://id.example.com/keys" }, "wrong_host"],
  ["keys on another port", { discoveredJwksUrl: "http://127.0.0.1:9/keys" }, "wrong_host"],
  ["a relative address", { discoveredJwksUrl: "/keys" }, "wrong_host"],
])("A discovery document that names %s is rejected", async (_, options, failure) => {
  const issuer = await startTestIssuer(options);
  const failures: (KeyLoadFailure | undefined)[] = [];
  const onLoad = (_issuer: string, reason: KeyLoadFailure | undefined) => failures.push(reason);
  const cache = new KeyCache({ issuer: issuer.url, fetch, onLoad });
  expect(await cache.current(START)).toBeUndefined();
  expect(failures).toEqual([failure]);
  expect(issuer.requests).toEqual([DISCOVERY]);
});

test("An issuer that nothing answers for is unreachable", async () => {
  const issuer = await startIssuer();
  await issuer.stop();
  const failures: (KeyLoadFailure | undefined)[] = [];
  const onLoad = (_issuer: string, reason: KeyLoadFailure | undefined) => failures.push(reason);
  const cache = new KeyCache({ issuer: issuer.url, fetch, onLoad });
  expect(await cache.current(START)).toBeUndefined();
  expect(failures).toEqual(["unreachable"]);
});

test("A load that its request abandoned does not block later requests", async () => {
  const issuer = await startTestIssuer();
  let isAbandoned = true;
  const abandon: typeof fetch = (...parameters) =>
    isAbandoned ? new Promise<never>(() => {}) : fetch(...parameters);
  const cache = new KeyCache({ issuer: issuer.url, fetch: abandon });
  void cache.current(START);
  isAbandoned = false;
  const timeout = sleep(2_000, "waited", { ref: false });
  const soon = cache.current(START + MAX_LOAD_MS + 1);
  expect(await Promise.race([soon, timeout])).toBeUndefined();
  expect(await cache.current(START + MIN_LOAD_INTERVAL_MS)).toBeDefined();
});

test("A load that ends after a newer one does not replace the newer keys", async () => {
  const issuer = await startTestIssuer();
  const resumed = Promise.withResolvers<void>();
  let isFirst = true;
  const delay: typeof fetch = async (...parameters) => {
    const isDelayed = isFirst;
    isFirst = false;
    const response = await fetch(...parameters);
    if (isDelayed) await resumed.promise;
    return response;
  };
  const loads: unknown[] = [];
  const cache = new KeyCache({
    issuer: issuer.url,
    jwksUrl: issuer.jwksUrl,
    fetch: delay,
    onLoad: (_issuer, failure) => loads.push(failure),
  });
  const first = cache.current(START);
  const keys = await cache.current(START + MIN_LOAD_INTERVAL_MS);
  expect(keys).toBeDefined();
  resumed.resolve();
  await first;
  expect(loads).toEqual([undefined, undefined]);
  expect(await cache.current(START + MIN_LOAD_INTERVAL_MS + 1)).toBe(keys);
});
