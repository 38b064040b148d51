import { DeliveryError, deliverSecret, type Retry } from "@convai-secrets/client";
import { check, checkEqual, checkFields, failureOf } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { type ReceivedRequest, type ScriptedAnswer, script } from "./scripted.ts";
import { freshName, injectFault, readUpstream } from "./upstream.ts";

const stored = (name: string): ScriptedAnswer => ({
  body: { type: "stored", secret_id: "sec_1", name },
});
const header = (requests: readonly ReceivedRequest[], name: string) =>
  new Set(requests.map(({ headers }) => headers[name])).size;

async function deliverTo(setting: Setting, answers: readonly ScriptedAnswer[], name: string) {
  const { url, received } = await script(setting, answers);
  const retries: Retry[] = [];
  const { senderKey } = setting;
  const onRetry = (retry: Retry) => retries.push(retry);
  const secret = { name, value: "value", maxAttempts: 3 };
  const delivered = await deliverSecret({ url, senderKey, ...secret, onRetry });
  return { delivered, retries, received: await received() };
}

export const senderRetry: Tests = {
  "keep the id and the body, and go on until it is stored": async (setting) => {
    const name = freshName();
    const answers = [{ status: 503 }, { status: 429 }, stored(name)];
    const { delivered, retries, received } = await deliverTo(setting, answers, name);
    checkFields(delivered, { attempts: 3, secret_id: "sec_1" });
    checkEqual(
      retries.map(({ attempt }) => attempt),
      [1, 2],
    );
    checkEqual([received.length, header(received, "webhook-id")], [3, 1]);
    checkEqual(new Set(received.map(({ body }) => body)).size, 1);
  },

  "wait as long as they are asked to, and sign afresh": async (setting) => {
    const name = freshName();
    const answers = [{ status: 503, headers: { "retry-after": "1" } }, stored(name)];
    const { retries, received } = await deliverTo(setting, answers, name);
    check((retries[0]?.delayMs ?? 0) >= 1_000, "the wait is at least the one asked for");
    checkEqual(header(received, "webhook-timestamp"), 2);
    checkEqual(header(received, "webhook-signature"), 2);
  },

  "take no answer in time for one more try, through the real Worker too": async (setting) => {
    const name = freshName();
    await injectFault(setting, { kind: "delay", ms: 1_500, name, when: "after" });
    const { worker: url, senderKey } = setting;
    const delivered = await deliverSecret({ url, senderKey, name, value: "value", timeoutMs: 700 });
    check(delivered.attempts > 1, "there was more than one request");
    checkEqual((await readUpstream(setting, name)).secrets.length, 1);
  },

  "give up where a retry cannot help": async (setting) => {
    for (const [status, body] of [
      [409, { code: "outcome_unknown", outcome: "unknown" }],
      [503, { code: "misconfigured", retryable: false }],
      [404, "not found"],
    ] as const) {
      const { url, received } = await script(setting, [{ status, body }]);
      const { senderKey } = setting;
      const call = deliverSecret({ url, senderKey, name: freshName(), value: "value" });
      checkFields(await failureOf(call, DeliveryError), { status, attempts: 1 });
      checkEqual((await received()).length, 1);
    }
  },

  "end when the caller aborts, also while they wait": async (setting) => {
    const { url } = await script(setting, [{ status: 503, headers: { "retry-after": "20" } }]);
    const caller = new AbortController();
    const onRetry = () => setTimeout(() => caller.abort(), 50);
    const { senderKey } = setting;
    const options = { url, senderKey, signal: caller.signal, onRetry };
    const call = deliverSecret({ ...options, name: freshName(), value: "value" });
    checkFields(await failureOf(call, DeliveryError), { code: "aborted", outcome: "unknown" });
  },
};
