import { randomBytes } from "node:crypto";
import { PATHS, type ProblemCode } from "@convai-secrets/protocol";
import {
  createTestSender,
  searchFiles,
  searchFor,
  sendDelivery,
  type TestDelivery,
} from "@convai-secrets/testing";
import { afterAll, expect, test } from "vitest";
import { createElsewhere } from "../support/create-elsewhere.ts";
import { startStack } from "../support/start-stack.ts";

const VALUE = `canary-${randomBytes(9).toString("hex")} "\\\n é🔑 <&+/%>`;
const ID = `canary-id-${randomBytes(9).toString("hex")}`;

const create = await createTestSender("create");
const update = await createTestSender("update", { existing: "update" });
const reject = await createTestSender("reject", { existing: "reject" });
const stack = await startStack({ senders: [create, update, reject] });
afterAll(stack.stop);

const search = searchFor({
  value: VALUE,
  key: stack.apiKey,
  ledgerKey: stack.ledgerKey,
  token: update.token,
  signingSecret: update.signingSecret,
});

/** Delivers the canary, and searches all of the answer. */
async function deliver(name: string, delivery: Partial<TestDelivery> = {}) {
  const answer = await sendDelivery(stack, { sender: update, name, value: VALUE, ...delivery });
  const text = JSON.stringify([...answer.headers, answer.body]);
  expect(search(text), text).toEqual([]);
  return answer;
}

const ROWS: Partial<Record<ProblemCode, (name: string) => ReturnType<typeof deliver>>> = {
  name_taken: async (name) => {
    await createElsewhere(stack, name, VALUE);
    return deliver(name, { sender: reject });
  },
  name_not_managed: async (name) => {
    await createElsewhere(stack, name, VALUE);
    return deliver(name);
  },
  name_ambiguous: async (name) => {
    await createElsewhere(stack, name, VALUE);
    await createElsewhere(stack, name, VALUE);
    return deliver(name);
  },
  superseded: async (name) => {
    stack.upstream.inject({ kind: "answer", status: 429, name });
    expect((await deliver(name, { id: `${ID}-old` })).status).toBe(429);
    expect((await deliver(name, { id: `${ID}-new`, value: `${VALUE} new` })).status).toBe(200);
    return deliver(name, { id: `${ID}-old` });
  },
  secret_not_found: (name) => deliver(name, { secretId: "unknown" }),
  upstream_refused: (name) => {
    stack.upstream.inject({ kind: "answer", status: 401, code: "quota_exceeded", name });
    return deliver(name);
  },
};

test.each(Object.entries(ROWS))("the answer %s contains no canary", async (code, provoke) => {
  expect((await provoke(code.toUpperCase())).body["code"]).toBe(code);
});

test("neither an update nor a dry run answers with a canary", async () => {
  const first = await deliver("UPDATED");
  const dryRun = await deliver("UPDATED", { headers: { "convai-secrets-dry-run": "true" } });
  expect(dryRun.body["type"]).toBe("dry_run");
  const second = await deliver("UPDATED", { value: `${VALUE} 2` });
  expect(second.body["secret_id"]).toBe(first.body["secret_id"]);
});

test("neither the sender's page nor its deliveries contain a canary", async () => {
  for (const path of [PATHS.sender, PATHS.deliveries]) {
    const headers = { authorization: `Bearer ${update.token}` };
    const response = await fetch(stack.url + path, { headers });
    expect(response.status).toBe(200);
    expect(search(await response.text())).toEqual([]);
  }
});

test("neither the log nor the ledger's files contain a canary", async () => {
  expect(stack.logs()).toContain("UPDATED");
  expect(search(stack.logs())).toEqual([]);
  await stack.kill("SIGTERM");
  expect(await searchFiles(search, stack.storage)).toEqual({});
});
