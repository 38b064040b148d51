import { type CreateSecretRequest, createSecret, SecretsApiError } from "@convai-secrets/core";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { scriptAnswers } from "../support/scripted-server.ts";
import { getSetting } from "../support/setting.ts";
import { generateName, injectFault, readUpstream } from "../support/upstream.ts";

/** Characters of two, three and four bytes in UTF-8, and characters that JSON escapes. */
const VALUE = 'hünter2 € \u{1f511} "\\\n\u2028';
const secret = (name: string): CreateSecretRequest => ({ type: "new", name, value: VALUE });
const options = () => ({ baseUrl: getSetting().upstream, apiKey: getSetting().apiKey });

QUnit.module("core createSecret");

QUnit.test("stores the value unchanged, with one request", async (assert) => {
  const name = generateName();
  const stored = await createSecret(secret(name), options());
  const { secrets, posts } = await readUpstream(name);
  assert.equal(posts, 1);
  assert.equal(secrets.length, 1);
  assert.propContains(secrets[0], { secret_id: stored.secret_id, value: VALUE });
  assert.deepEqual(stored, { type: "stored", name, secret_id: stored.secret_id });
});

QUnit.test("calls a function for the API key and waits for it", async (assert) => {
  const { apiKey } = getSetting();
  const source = () => new Promise<string>((resolve) => setTimeout(resolve, 5, apiKey));
  const stored = await createSecret(secret(generateName()), { ...options(), apiKey: source });
  assert.true(stored.secret_id.length > 0);
});

QUnit.test("sends the API key, the content type and the three fields", async (assert) => {
  const name = generateName();
  const answer = { body: { type: "stored", secret_id: "sec_1", name } };
  const { url, received } = await scriptAnswers(answer);
  await createSecret(secret(name), { apiKey: "key-1", baseUrl: `${url}/a/path/` });
  const requests = await received();
  assert.equal(requests.length, 1);
  assert.propContains(requests[0], {
    method: "POST",
    path: "/a/path/v1/convai/secrets",
    headers: {
      "xi-api-key": "key-1",
      "content-type": "application/json",
      accept: "application/json",
    },
  });
  assert.deepEqual(JSON.parse(requests[0]?.body ?? ""), secret(name));
});

QUnit.test("sends nothing if the request breaks a rule", async (assert) => {
  const name = generateName();
  const wrong = { type: "new", name, value: "", typo: 1 } as never;
  const error = await catchError(createSecret(wrong, options()), SecretsApiError);
  assert.propContains(error, { code: "invalid_request", outcome: "not_applied" });
  assert.deepEqual(
    error.issues.map(({ path }) => path),
    ["value", "typo"],
  );
  assert.equal((await readUpstream(name)).posts, 0);
});

QUnit.test("throws a TypeError for invalid options", async (assert) => {
  for (const wrong of [
    { baseUrl: "http://example.com" },
    { baseUrl: "https://user:password@example.com" },
    { timeoutMs: 0 },
    { timeoutMs: 2 ** 31 },
  ]) {
    await assert.rejects(createSecret(secret("RUN_X"), { ...options(), ...wrong }), TypeError);
  }
});

QUnit.test("calls the given fetch, with a signal", async (assert) => {
  let signal: unknown;
  const fetch: typeof globalThis.fetch = (input, init) => {
    signal = init?.signal;
    return globalThis.fetch(input, init);
  };
  await createSecret(secret(generateName()), { ...options(), fetch });
  assert.true(signal instanceof AbortSignal);
});

QUnit.test("does not follow a redirect, which would receive the API key", async (assert) => {
  const target = await scriptAnswers({});
  const name = generateName();
  await injectFault({ kind: "redirect", to: `${target.url}/stolen`, name });
  const error = await catchError(createSecret(secret(name), options()), SecretsApiError);
  assert.propContains(error, { code: "failed", outcome: "unknown" });
  assert.deepEqual(await target.received(), []);
});

for (const [moment, fault] of [
  ["before the response", { kind: "hang" }],
  ["within the response", { kind: "endless-body", everyMs: 20 }],
] as const) {
  QUnit.test(`ends at its time limit ${moment}`, async (assert) => {
    const name = generateName();
    await injectFault({ ...fault, name });
    const call = createSecret(secret(name), { ...options(), timeoutMs: 300 });
    const error = await catchError(call, SecretsApiError);
    assert.propContains(error, { code: "timed_out", outcome: "unknown" });
  });

  QUnit.test(`ends when its caller aborts ${moment}`, async (assert) => {
    const name = generateName();
    await injectFault({ ...fault, name });
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 300);
    const call = createSecret(secret(name), { ...options(), signal: caller.signal });
    const error = await catchError(call, SecretsApiError);
    assert.propContains(error, { code: "aborted", outcome: "unknown" });
  });
}

QUnit.test("sends nothing after an abort", async (assert) => {
  const name = generateName();
  const call = createSecret(secret(name), { ...options(), signal: AbortSignal.abort() });
  const error = await catchError(call, SecretsApiError);
  assert.propContains(error, { code: "aborted", outcome: "not_applied" });
  assert.equal((await readUpstream(name)).posts, 0);
});
