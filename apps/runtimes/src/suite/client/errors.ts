import { DeliveryError, deliverSecret, type SenderOptions } from "@convai-secrets/client";
import { MAX_BODY_BYTES } from "@convai-secrets/protocol";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { collectText } from "../support/collect-text.ts";
import { signed } from "../support/credentials.ts";
import { scriptAnswers } from "../support/scripted-server.ts";
import { getSetting } from "../support/setting.ts";
import { generateName, injectFault } from "../support/upstream.ts";

const VALUE = "canary-of-the-value";

async function fail(
  options: SenderOptions,
  secret: { readonly name?: string; readonly value?: string; readonly id?: string } = {},
): Promise<DeliveryError> {
  const call = deliverSecret({ ...options, name: generateName(), value: VALUE, ...secret });
  return catchError(call, DeliveryError);
}

QUnit.module("client errors");

QUnit.test("an unknown credential is not authenticated", async (assert) => {
  const signingSecret = `whsec_${btoa("\u0000".repeat(32))}`;
  const token = `cs_${"A".repeat(43)}`;
  for (const credential of [{ signingSecret }, { token }]) {
    const error = await fail({ url: getSetting().worker, ...credential });
    assert.propContains(error, {
      code: "unauthenticated",
      outcome: "not_applied",
      status: 401,
      attempts: 1,
    });
  }
});

QUnit.test("a name that the policy does not allow is rejected", async (assert) => {
  const error = await fail(signed(), { name: "OTHER" });
  assert.propContains(error, { code: "name_not_allowed", outcome: "not_applied", attempts: 1 });
});

QUnit.test("the field that ElevenLabs rejected is named", async (assert) => {
  const name = generateName();
  const detail = [{ loc: ["body", "name"], type: "string_too_long", msg: VALUE, input: VALUE }];
  await injectFault({ kind: "answer", status: 422, name, body: { detail } });
  const error = await fail(signed(), { name });
  assert.propContains(error, { code: "rejected_by_elevenlabs", outcome: "not_applied" });
  assert.equal(error.issues[0]?.path, "name");
  assert.false(collectText(error).includes(VALUE));
});

QUnit.test("a request that breaks a rule is not sent", async (assert) => {
  const { url, received } = await scriptAnswers({ status: 500 });
  const options = { ...signed(), url };
  assert.propContains(await fail(options, { name: "" }), { code: "invalid_request", attempts: 0 });
  const tooLong = await fail(options, { value: "x".repeat(MAX_BODY_BYTES) });
  assert.equal(tooLong.code, "payload_too_large");
  assert.equal((await fail(options, { id: "a.b" })).code, "invalid_idempotency_key");
  assert.deepEqual(await received(), []);
});

QUnit.test("a redirect is not followed", async (assert) => {
  const target = await scriptAnswers({});
  const headers = { location: `${target.url}/stolen` };
  const { url } = await scriptAnswers({ status: 307, headers });
  assert.propContains(await fail({ ...signed(), url }), { code: "redirected", attempts: 1 });
  assert.deepEqual(await target.received(), []);
});

QUnit.test("an error contains no credential, value or text of the server", async (assert) => {
  const { signingSecret, token } = getSetting();
  const echo = `${VALUE} ${signingSecret} ${token} canary-of-the-server`;
  const body = {
    code: echo,
    title: echo,
    detail: echo,
    request_id: echo,
    errors: [{ path: echo, message: echo }],
  };
  for (const status of [200, 400, 401, 422, 500]) {
    const { url } = await scriptAnswers({ status, body, headers: { "x-request-id": VALUE } });
    for (const credential of [{ signingSecret }, { token }]) {
      const text = collectText(await fail({ url, ...credential, maxAttempts: 1 }));
      for (const secret of [VALUE, signingSecret, token, "canary"]) {
        assert.false(text.includes(secret), `status ${status}`);
      }
    }
  }
});

QUnit.test("an invalid option is a TypeError without a credential", async (assert) => {
  const { worker, signingSecret, token } = getSetting();
  for (const wrong of [
    { url: "http://example.com", token },
    { url: worker, token: "cs_canary" },
    { url: worker, signingSecret: "whsec_canary" },
    { url: worker, token, signingSecret },
    { url: worker },
    { url: worker, token, maxAttempts: 0 },
  ]) {
    const call = deliverSecret({ ...wrong, name: "RUN_X", value: VALUE } as never);
    const text = collectText(await catchError(call, TypeError));
    for (const secret of ["canary", token, signingSecret]) assert.false(text.includes(secret));
  }
});
