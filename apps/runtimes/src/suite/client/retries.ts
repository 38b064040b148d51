import { DeliveryError, deliverSecret, type Retry } from "@convai-secrets/client";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { signed } from "../support/credentials.ts";
import {
  type ReceivedRequest,
  type ScriptedAnswer,
  scriptAnswers,
} from "../support/scripted-server.ts";
import { generateName, injectFault, readUpstream } from "../support/upstream.ts";

const countValues = (requests: readonly ReceivedRequest[], header: string) =>
  new Set(requests.map(({ headers }) => headers[header])).size;

/** Delivers to a server that answers as given and then stores. */
async function deliverAfter(...answers: readonly ScriptedAnswer[]) {
  const name = generateName();
  const stored = { body: { type: "stored", secret_id: "sec_1", name } };
  const { url, received } = await scriptAnswers(...answers, stored);
  const retries: Retry[] = [];
  const onRetry = (retry: Retry) => retries.push(retry);
  const secret = { name, value: "value", maxAttempts: 3 };
  const delivered = await deliverSecret({ ...signed(), url, ...secret, onRetry });
  return { delivered, retries, received: await received() };
}

QUnit.module("client retries");

QUnit.test("keep the id and the body until the secret is stored", async (assert) => {
  const { delivered, retries, received } = await deliverAfter({ status: 503 }, { status: 429 });
  assert.propContains(delivered, { attempts: 3, secret_id: "sec_1" });
  assert.deepEqual(
    retries.map(({ attempt }) => attempt),
    [1, 2],
  );
  assert.equal(received.length, 3);
  assert.equal(countValues(received, "webhook-id"), 1);
  assert.equal(new Set(received.map(({ body }) => body)).size, 1);
});

QUnit.test("wait for retry-after and sign each request again", async (assert) => {
  const wait = { status: 503, headers: { "retry-after": "1" } };
  const { retries, received } = await deliverAfter(wait);
  assert.true((retries[0]?.delayMs ?? 0) >= 1_000);
  assert.equal(countValues(received, "webhook-timestamp"), 2);
  assert.equal(countValues(received, "webhook-signature"), 2);
});

QUnit.test("follow an attempt without an answer in time", async (assert) => {
  const name = generateName();
  await injectFault({ kind: "delay", ms: 1_500, name, when: "after" });
  const delivered = await deliverSecret({ ...signed(), name, value: "value", timeoutMs: 700 });
  assert.true(delivered.attempts > 1);
  assert.equal((await readUpstream(name)).secrets.length, 1);
});

for (const [status, body] of [
  [409, { code: "outcome_unknown", outcome: "unknown" }],
  [404, "not found"],
] as const) {
  QUnit.test(`do not follow a ${status}`, async (assert) => {
    const { url, received } = await scriptAnswers({ status, body });
    const call = deliverSecret({ ...signed(), url, name: generateName(), value: "value" });
    assert.propContains(await catchError(call, DeliveryError), { status, attempts: 1 });
    assert.equal((await received()).length, 1);
  });
}

QUnit.test("end when the caller aborts, also during a wait", async (assert) => {
  const { url } = await scriptAnswers({ status: 503, headers: { "retry-after": "20" } });
  const caller = new AbortController();
  const onRetry = () => setTimeout(() => caller.abort(), 50);
  const options = { ...signed(), url, signal: caller.signal, onRetry };
  const call = deliverSecret({ ...options, name: generateName(), value: "value" });
  const error = await catchError(call, DeliveryError);
  assert.propContains(error, { code: "aborted", outcome: "unknown" });
});
