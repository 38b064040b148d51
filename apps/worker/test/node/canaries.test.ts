import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "@convai-secrets/elevenlabs-local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_KEY, type Rig, sign, startRig } from "./rig.js";

/** Long and odd enough to be found nowhere by chance. */
const VALUE = "canary-value-b7e1d0c2f4";
const ID = "canary-id-5c8e3f";

let folder: string;
let rig: Rig;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "canaries-"));
  rig = await startRig({}, join(folder, "storage"));
});
afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true });
});

/** Each secret in every form in which it might come out. */
function listForms(): string[] {
  const secrets = [VALUE, API_KEY, rig.token, rig.signingSecret, rig.signingSecret.slice(6)];
  return secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString("base64").slice(0, -4),
    Buffer.from(secret).toString("hex"),
    encodeURIComponent(secret),
  ]);
}

function expectClean(text: string | Buffer, where: string): void {
  const found = listForms().filter((form) => text.includes(form));
  expect(found, `canaries in ${where}`).toEqual([]);
}

let count = 0;

/** Sends a secret, and searches all of the answer. */
async function send(
  body: string,
  headers: Record<string, string> = { "xi-api-key": rig.token, "content-type": "application/json" },
): Promise<number> {
  const response = await fetch(`${rig.worker().url}/v1/convai/secrets`, {
    method: "POST",
    headers,
    body,
  });
  const text = `${JSON.stringify([...response.headers])}${await response.text()}`;
  expectClean(text, `the answer ${response.status}`);
  expect(text).not.toContain(ID);
  return response.status;
}

const secret = (name: string) => JSON.stringify({ type: "new", name, value: VALUE });
const uniqueName = () => {
  count += 1;
  return `CANARY_${count}`;
};

describe("an answer holds no canary", () => {
  const store = { store: true } as const;
  const faults: Fault[] = [
    { kind: "answer", status: 422 },
    { kind: "answer", status: 422, shape: "detailed" },
    { kind: "answer", status: 422, shape: "brief" },
    {
      kind: "answer",
      status: 400,
      body: { detail: { status: VALUE, message: VALUE, request_id: VALUE, param: VALUE } },
    },
    {
      kind: "answer",
      status: 422,
      body: {
        detail: [
          { loc: ["body", VALUE], msg: VALUE, type: VALUE, input: VALUE, ctx: { value: VALUE } },
        ],
      },
    },
    { kind: "answer", status: 400, body: VALUE },
    { kind: "answer", status: 401, body: API_KEY },
    {
      kind: "answer",
      status: 409,
      headers: { "x-canary": VALUE, "set-cookie": VALUE, location: VALUE },
    },
    { kind: "answer", status: 429, headers: { "retry-after": VALUE } },
    { kind: "answer", status: 400, headers: { "request-id": VALUE, "x-request-id": API_KEY } },
    { kind: "answer", status: 200, body: { type: "stored", secret_id: VALUE, name: "A" } },
    { kind: "answer", status: 200, body: { type: "stored", secret_id: API_KEY, name: "A" } },
    { kind: "answer", status: 500, body: VALUE },
    { kind: "answer", status: 502, ...store },
    { kind: "answer", status: 200, body: { type: VALUE, secret_id: 1, name: VALUE } },
    { kind: "answer", status: 200, body: VALUE },
    { kind: "drop" },
    { kind: "drop", ...store },
    { kind: "malformed-json", ...store },
    { kind: "wrong-types" },
    { kind: "html" },
    { kind: "truncated-body" },
    { kind: "redirect", to: `http://127.0.0.1:1/?${VALUE}` },
    { kind: "delay", ms: 10 },
  ];
  test.each(faults)("upstream: %o", async (fault) => {
    const name = uniqueName();
    rig.upstream.upstream.inject({ ...fault, name });
    await send(secret(name));
  });

  test.each<[string, string]>([
    ["not JSON", `{"type":"new","name":"A","value":"${VALUE}`],
    ["a string", JSON.stringify(VALUE)],
    ["a wrong type", JSON.stringify({ type: VALUE, name: [VALUE], value: { a: VALUE } })],
    ["an unknown field", JSON.stringify({ type: "new", name: "A", value: VALUE, other: VALUE })],
    ["the token as a field", `{"type":"new","name":"A","value":"${VALUE}","@":1}`],
    ["too long", JSON.stringify({ type: "new", name: "A", value: VALUE.repeat(4_000) })],
  ])("a body that is %s", async (_, body) => {
    expect(await send(body.replace("@", rig.token))).toBeGreaterThanOrEqual(400);
  });

  test("credentials that are wrong, or stale, or in the wrong place", async () => {
    const body = secret("A");
    const signed = sign(body, ID, rig.signingSecret);
    const stale = { ...signed, "webhook-timestamp": "1" };
    expect(await send(body, stale)).toBe(401);
    expect(await send(body, { ...signed, "webhook-id": rig.token })).toBe(401);
    expect(await send(body, { authorization: `Bearer ${rig.signingSecret}` })).toBe(401);
    expect(await send(body, { "xi-api-key": API_KEY })).toBe(401);
    expect(await send(body, { "xi-api-key": rig.token, "content-type": VALUE })).toBe(415);
  });

  test("ids: reused, malformed", async () => {
    const headers = { "xi-api-key": rig.token, "content-type": "application/json" };
    const name = uniqueName();
    expect(await send(secret(name), { ...headers, "idempotency-key": ID })).toBe(200);
    const other = JSON.stringify({ type: "new", name, value: `other ${VALUE}` });
    expect(await send(other, { ...headers, "idempotency-key": ID })).toBe(422);
    expect(await send(secret(name), { ...headers, "idempotency-key": `${VALUE}.` })).toBe(400);
  });

  test("the list of deliveries, the health and the document", async () => {
    for (const path of [
      "/v1/deliveries?limit=100",
      "/healthz",
      "/openapi.json",
      `/v1/deliveries?limit=${VALUE}`,
      `/${VALUE}`,
    ]) {
      const response = await fetch(rig.worker().url + path, {
        headers: { "xi-api-key": rig.token },
      });
      expectClean(`${JSON.stringify([...response.headers])}${await response.text()}`, path);
    }
  });
});

test("what was logged and what was stored hold no canary, nor does the build", async () => {
  expectClean(rig.worker().output(), "the log");
  expect(rig.worker().output()).not.toContain(ID);
  expect(rig.worker().output()).toContain("CANARY_1");
  await rig.worker().kill("SIGTERM");
  const folders = [join(folder, "storage"), join(import.meta.dirname, "../../dist")];
  for (const root of folders) {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
      expectClean(await readFile(join(parentPath, name)), name);
    }
  }
});

test("a broken configuration is reported without its values", async () => {
  const senders = JSON.stringify([
    {
      id: VALUE.toUpperCase(),
      signingSecrets: [rig.signingSecret.slice(0, 20)],
      tokenHashes: [rig.token],
      names: [1],
    },
  ]);
  await rig.restart({
    SENDERS: senders,
    ELEVENLABS_API_KEY: `${API_KEY}\n`,
    ELEVENLABS_BASE_URL: `http://${VALUE}@x.test`,
    SETTLE_SECONDS: VALUE,
  });
  const health = await fetch(`${rig.worker().url}/healthz`);
  expect(health.status).toBe(503);
  expectClean(await health.text(), "/healthz");
  expect(await send(secret("A"))).toBe(503);
  const output = rig.worker().output();
  expectClean(output, "the log");
  expect(output.toUpperCase()).not.toContain(VALUE.toUpperCase());
});
