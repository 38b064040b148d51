import { createSecret, SecretsApiError } from "@convai-secrets/core";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { collectText } from "../support/collect-text.ts";
import { getSetting } from "../support/setting.ts";
import { generateName, injectFault, readUpstream } from "../support/upstream.ts";

const VALUE = "canary-of-the-value";

/** Answers that tell what happened to the secret. */
const REJECTIONS = [
  [{ status: 400 }, { code: "rejected", outcome: "not_applied", status: 400 }],
  [{ status: 401 }, { code: "api_key_refused", outcome: "not_applied", status: 401 }],
  [
    { status: 429, headers: { "retry-after": "7" } },
    { code: "rate_limited", outcome: "not_applied", retryAfterMs: 7_000 },
  ],
  [
    {
      status: 422,
      body: { detail: [{ loc: ["body", "name"], type: "string_too_long", input: VALUE }] },
    },
    { code: "rejected", issues: [{ path: "name" }] },
  ],
] as const;

/** Answers that leave the outcome unknown: in each case the secret is stored. */
const UNKNOWN_OUTCOMES = {
  "a 500": { kind: "answer", status: 500 },
  "a 408": { kind: "answer", status: 408 },
  "a 502 with retry-after": { kind: "answer", status: 502, headers: { "retry-after": "0" } },
  "a lost connection": { kind: "drop" },
  "malformed JSON": { kind: "malformed-json" },
  "wrong types": { kind: "wrong-types" },
  "an HTML page": { kind: "html" },
  "a truncated body": { kind: "truncated-body" },
  "an endless body": { kind: "endless-body" },
  "a gzip bomb": { kind: "gzip-bomb", bytes: 16 * 1024 * 1024 },
} as const;

async function fail(name: string, apiKey = getSetting().apiKey): Promise<SecretsApiError> {
  const request = { type: "new", name, value: VALUE } as const;
  const options = { baseUrl: getSetting().upstream, apiKey, timeoutMs: 20_000 };
  return catchError(createSecret(request, options), SecretsApiError);
}

QUnit.module("core errors");

for (const [fault, expected] of REJECTIONS) {
  QUnit.test(`a ${fault.status} of the API reports that nothing was applied`, async (assert) => {
    const name = generateName();
    await injectFault({ kind: "answer", ...fault, name });
    assert.propContains(await fail(name), expected);
    assert.equal((await readUpstream(name)).posts, 1);
  });
}

QUnit.test("upstreamCode tells a wrong key from one without the permission", async (assert) => {
  const wrong = await fail(generateName(), "wrong");
  const readOnly = await fail(generateName(), getSetting().readOnlyKey);
  for (const error of [wrong, readOnly]) assert.propContains(error, { code: "api_key_refused" });
  assert.equal(readOnly.upstreamCode, "missing_permissions");
  assert.notEqual(wrong.upstreamCode, readOnly.upstreamCode);
});

QUnit.test("without a usable key nothing is sent", async (assert) => {
  const name = generateName();
  for (const apiKey of ["", "a b", "k\n", "ключ"]) {
    const error = await fail(name, apiKey);
    assert.propContains(error, { code: "api_key_unavailable", outcome: "not_applied" });
  }
  assert.equal((await readUpstream(name)).posts, 0);
});

for (const [title, fault] of Object.entries(UNKNOWN_OUTCOMES)) {
  const prepare = async () => {
    const name = generateName();
    // Any number of times: a second request of the runtime itself must not succeed.
    await injectFault({ ...fault, store: true, times: null, name });
    return name;
  };

  QUnit.test(`${title} leaves the outcome unknown`, async (assert) => {
    const name = await prepare();
    assert.propContains(await fail(name), { code: "failed", outcome: "unknown" });
    assert.true((await readUpstream(name)).secrets.length > 0);
  });

  QUnit.test(`${title} is the answer to one request`, async (assert) => {
    const name = await prepare();
    await fail(name);
    assert.equal((await readUpstream(name)).posts, 1);
  });
}

QUnit.test("an error contains neither the value, the key nor text of the API", async (assert) => {
  for (const status of [400, 401, 422, 429, 500]) {
    const name = generateName();
    const detail = { status: "canary-of-the-api", message: `canary-of-the-api ${VALUE}` };
    const headers = { "x-request-id": VALUE };
    await injectFault({ kind: "answer", status, body: { detail }, headers, name });
    const text = collectText(await fail(name));
    for (const secret of [VALUE, getSetting().apiKey, "canary-of-the-api", name]) {
      assert.false(text.includes(secret), `status ${status}`);
    }
  }
});
