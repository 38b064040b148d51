import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { checkHealth } from "../src/check-health.ts";
import { type Deployment, guide } from "../src/guide.ts";
import type { Wrangler } from "../src/wrangler.ts";

const SENDERS = JSON.stringify([{ id: "ci", tokenHashes: [`sha256:${"0".repeat(64)}`] }]);

/** A deployment whose questions are answered by these, in order. */
function answering(answers: string[], changes: Partial<Deployment> = {}) {
  const questions: string[] = [];
  const put: Record<string, string>[] = [];
  const wrangler: Partial<Wrangler> = {
    rehearse: async () => {},
    isLoggedIn: async () => true,
    listSecrets: async () => ["ELEVENLABS_API_KEY"],
    putSecrets: async (secrets) => void put.push({ ...secrets }),
    deploy: async () => [],
  };
  const deployment: Deployment = {
    wrangler: wrangler as Wrangler,
    configuration: { workerName: "w", required: ["ELEVENLABS_API_KEY", "SENDERS"] },
    replace: [],
    given: {},
    ask: async (question) => {
      questions.push(question);
      return answers.shift() ?? "";
    },
    say: () => {},
    ...changes,
  };
  return { deployment, questions, put };
}

test("only what is not set is asked for", async () => {
  const { deployment, questions, put } = answering([SENDERS]);
  await guide(deployment);
  expect(questions).toHaveLength(1);
  expect(put).toEqual([{ SENDERS }]);
});

test("an answer that breaks a rule is asked for again, with the rule", async () => {
  const { deployment, questions, put } = answering(['[{"id":"CI"}]', SENDERS]);
  await guide(deployment);
  expect(questions[1]).toContain("SENDERS.0.id must be 1 to 64 of a-z, 0-9 and -");
  expect(put).toEqual([{ SENDERS }]);
});

test("a secret to be replaced is asked for though it is set", async () => {
  const { deployment, put } = answering([SENDERS, "new-key"], { replace: ["ELEVENLABS_API_KEY"] });
  await guide(deployment);
  expect(put).toEqual([{ SENDERS, ELEVENLABS_API_KEY: "new-key" }]);
});

test.each([
  ["SENDERS that is no JSON", { SENDERS: "canary" }, "SENDERS must be JSON"],
  ["a key with a line break", { ELEVENLABS_API_KEY: "canary\n" }, "ELEVENLABS_API_KEY must be"],
  ["an empty key", { ELEVENLABS_API_KEY: "" }, "ELEVENLABS_API_KEY must not be empty"],
  ["a key that is too long", { ELEVENLABS_API_KEY: "canary".repeat(1000) }, "must not exceed 5120"],
  ["a name that is no secret", { CANARY: "x" }, "Not a secret of this Worker: CANARY"],
])("%s is refused before anything is set", async (_, given, reason) => {
  const { deployment, put } = answering([SENDERS], { given });
  const refusal = guide(deployment);
  await expect(refusal).rejects.toThrow(reason);
  await expect(refusal).rejects.not.toThrow("canary");
  expect(put).toEqual([]);
});

test("an address that is not known everywhere yet is asked again", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(asked < 3 ? 404 : 200).end(asked < 3 ? "<html>" : '{"status":"ok"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await checkHealth(origin, { patienceMs: 5_000, intervalMs: 10 });
  expect(asked).toBe(3);
});

test("patience with an address that does not answer ends", async () => {
  const options = { patienceMs: 50, intervalMs: 10 };
  await expect(checkHealth("http://127.0.0.1:1", options)).rejects.toThrow("does not answer");
});
