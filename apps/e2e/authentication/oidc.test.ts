import { setTimeout as sleep } from "node:timers/promises";
import { HEADERS, PATHS } from "@convai-secrets/protocol";
import {
  createTestSender,
  type Issuer,
  type IssuerFault,
  searchFor,
  sendDelivery,
  startIssuer,
  type TestSender,
} from "@convai-secrets/testing";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { expect, onTestFinished, test } from "vitest";
import { startStackForTest } from "../support/start-stack.ts";

const AUDIENCE = "https://secrets.example.com";
const POLICY = { repository_id: "123", repository_owner_id: "45", environment: "production" };
const CLAIMS = { aud: AUDIENCE, event_name: "push", ref: "refs/heads/main", ...POLICY };

/** A Worker with one sender that has no stored credential, and its issuer. */
async function startWithIssuer(options: Parameters<typeof startIssuer>[0] = {}) {
  const issuer = await startIssuer(options);
  onTestFinished(() => issuer.stop());
  const sender = await createOidcSender(issuer);
  const stack = await startStackForTest({ senders: [sender] });
  const deliver = (token: string, more: Record<string, string> = {}, signal?: AbortSignal) => {
    const headers = { authorization: `Bearer ${token}`, ...more };
    return sendDelivery(stack, { name: "FROM_CI", value: "v", headers }, signal);
  };
  return { issuer, stack, deliver };
}

async function createOidcSender(issuer: Issuer): Promise<TestSender> {
  const rule = { issuer: issuer.url, audience: AUDIENCE, claims: POLICY };
  return createTestSender("ci", { signingSecrets: [], tokenHashes: [], oidc: [rule] });
}

test.each(["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const)(
  "A job stores a secret with a token that its platform signed with %s",
  async (algorithm) => {
    const { issuer, deliver, stack } = await startWithIssuer({ algorithm });
    const { status } = await deliver(await issuer.sign(CLAIMS));
    expect(status).toBe(200);
    expect(stack.upstream.secrets().map(({ name }) => name)).toEqual(["FROM_CI"]);
    expect(issuer.requests).toEqual(["/.well-known/openid-configuration", "/keys"]);
  },
);

test("An official SDK stores a secret with an OIDC token as its API key", async () => {
  const { issuer, stack } = await startWithIssuer();
  const apiKey = await issuer.sign(CLAIMS);
  const client = new ElevenLabsClient({ apiKey, baseUrl: stack.url });
  const stored = await client.conversationalAi.secrets.create({ name: "FROM_SDK", value: "v" });
  expect(stored.name).toBe("FROM_SDK");
});

test("The sender's page says that the caller was authenticated by OIDC", async () => {
  const { issuer, stack } = await startWithIssuer();
  const authorization = `Bearer ${await issuer.sign(CLAIMS)}`;
  const response = await fetch(stack.url + PATHS.sender, { headers: { authorization } });
  expect(await response.json()).toMatchObject({ id: "ci", authenticated_by: "oidc" });
});

test("A secret whose value is the sender's own token is rejected, and nothing is stored", async () => {
  const { issuer, stack } = await startWithIssuer();
  const token = await issuer.sign(CLAIMS);
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await sendDelivery(stack, { name: "MISTAKE", value: token, headers });
  expect(status).toBe(422);
  expect(stack.upstream.secrets()).toEqual([]);
});

test("All rejected tokens get the same answer, which is also that of an unknown sender's token", async () => {
  const { issuer, deliver } = await startWithIssuer();
  const other = await startIssuer();
  onTestFinished(() => other.stop());
  const now = Math.floor(Date.now() / 1000);
  const valid = await issuer.sign(CLAIMS);
  const tokens = [
    `cs_${"A".repeat(43)}`,
    "not-a-token",
    `${valid.slice(0, -20)}${"A".repeat(20)}`,
    await issuer.sign({ ...CLAIMS, aud: "https://other.example.com" }),
    await issuer.sign({ ...CLAIMS, aud: [AUDIENCE, "https://other.example.com"] }),
    await issuer.sign({ ...CLAIMS, repository_id: "124" }),
    await issuer.sign({ ...CLAIMS, repository_id: 123 }),
    await issuer.sign({ ...CLAIMS, event_name: "pull_request_target" }),
    await issuer.sign({ ...CLAIMS, iat: now - 600, exp: now - 300 }),
    await issuer.sign(CLAIMS, { header: { kid: "unknown" } }),
    await issuer.sign({ ...CLAIMS, padding: "a".repeat(6_000) }),
    await other.sign(CLAIMS),
    await other.sign({ ...CLAIMS, iss: issuer.url }, { header: { jku: other.jwksUrl } }),
  ];
  const answers: unknown[] = [];
  for (const token of tokens) {
    const { status, headers, body } = await deliver(token);
    const kept = [...headers].filter(([name]) => !["date", HEADERS.requestId].includes(name));
    answers.push({ status, kept, body: { ...body, request_id: "" } });
  }
  expect(answers[0]).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  expect(answers).toEqual(tokens.map(() => answers[0]));
  expect(other.requests).toEqual([]);
  expect((await deliver(valid)).status).toBe(200);
});

test.each<[string, IssuerFault]>([
  ["fails", { kind: "status", status: 500 }],
  ["redirects to its keys", { kind: "redirect", to: "/keys" }],
  ["sends a document over 64 KiB", { kind: "body", body: `{"issuer":"${"a".repeat(70_000)}"}` }],
])(
  "If an issuer %s before its first keys, the answer is 503 and says when to retry",
  async (_, fault) => {
    const { issuer, deliver } = await startWithIssuer();
    issuer.setFault(fault);
    const { status, retryAfter, body } = await deliver(await issuer.sign(CLAIMS));
    expect({ status, code: body["code"] }).toEqual({ status: 503, code: "issuer_unavailable" });
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(issuer.requests).toEqual(["/.well-known/openid-configuration"]);
  },
);

test("Requests that wait for an issuer's keys get them although the first request disconnected", async () => {
  const { issuer, deliver } = await startWithIssuer();
  issuer.setFault({ kind: "delay", milliseconds: 500 });
  const first = new AbortController();
  const token = await issuer.sign(CLAIMS);
  const aborted = deliver(token, {}, first.signal).catch(() => "aborted");
  await waitUntil(() => issuer.requests.length > 0);
  const second = deliver(token);
  await sleep(100);
  first.abort();
  expect(await aborted).toBe("aborted");
  expect((await second).status).toBe(200);
  expect(issuer.requests).toHaveLength(2);
});

test("The log names issuer, rule and claims, or why a token was rejected, and never the token", async () => {
  const { issuer, deliver, stack } = await startWithIssuer();
  const token = await issuer.sign(CLAIMS);
  await deliver(token);
  const canary = "canary-environment-5e7a";
  const rejected = await issuer.sign({ ...CLAIMS, environment: canary });
  await deliver(rejected);
  await waitUntil(() => stack.logs().includes("rejected"));
  const logs = stack.logs();
  expect(logs).toContain(issuer.url);
  expect(logs).toMatch(/rule: 0/);
  expect(logs).toMatch(/environment: 'production'/);
  expect(logs).toMatch(/rejected: 'claims'/);
  expect(searchFor({ token, rejected, canary })(logs)).toEqual([]);
});

test("A token is checked before the body is read", async () => {
  const { issuer, stack } = await startWithIssuer();
  const token = await issuer.sign({ ...CLAIMS, environment: "staging" });
  // The stream never ends.
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) });
  const response = await fetch(stack.url + PATHS.secrets, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body,
    duplex: "half",
  });
  expect(response.status).toBe(401);
});

async function waitUntil(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isTrue(); attempt += 1) await sleep(25);
  expect(isTrue()).toBe(true);
}
