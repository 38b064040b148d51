import { DeliveryError, deliverSecret, type SenderOptions } from "@convai-secrets/client";
import { checkEqual, checkFields, checkTellsNothing, failureOf } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { script } from "./scripted.ts";
import { freshName, injectFault } from "./upstream.ts";

const VALUE = "canary-of-the-value";
const signed = ({ worker, senderKey }: Setting): SenderOptions => ({ url: worker, senderKey });

async function fail(options: SenderOptions, secret: { name: string; value?: string; id?: string }) {
  const call = deliverSecret({ ...options, value: VALUE, ...secret });
  return failureOf(call, DeliveryError);
}

export const senderErrors: Tests = {
  "say that the credential is not accepted": async (setting) => {
    const senderKey = `whsec_${btoa("\u0000".repeat(32))}`;
    const token = `cs_${"A".repeat(43)}`;
    for (const credential of [{ senderKey }, { token }]) {
      const error = await fail({ url: setting.worker, ...credential }, { name: freshName() });
      checkFields(error, {
        code: "unauthenticated",
        outcome: "not_created",
        status: 401,
        attempts: 1,
      });
    }
  },

  "say that the name is not allowed": async (setting) => {
    const error = await fail(signed(setting), { name: "OTHER" });
    checkFields(error, { code: "name_not_allowed", outcome: "not_created", attempts: 1 });
  },

  "say which field ElevenLabs refused": async (setting) => {
    const name = freshName();
    const detail = [{ loc: ["body", "name"], type: "string_too_long", msg: VALUE, input: VALUE }];
    await injectFault(setting, { kind: "answer", status: 422, name, body: { detail } });
    const error = await fail(signed(setting), { name });
    checkFields(error, {
      code: "rejected_by_elevenlabs",
      outcome: "not_created",
      issues: [{ path: "name", message: "is too long" }],
    });
    checkTellsNothing(error, [VALUE, setting.senderKey]);
  },

  "come before anything is sent where the request breaks a rule": async (setting) => {
    const { url, received } = await script(setting, [{ status: 500 }]);
    const options = { ...signed(setting), url };
    checkFields(await fail(options, { name: "" }), { code: "invalid_request", attempts: 0 });
    const tooLong = "x".repeat(64 * 1024);
    checkFields(await fail(options, { name: "A", value: tooLong }), { code: "payload_too_large" });
    checkFields(await fail(options, { name: "A", id: "a.b" }), { code: "invalid_idempotency_key" });
    checkEqual(await received(), []);
  },

  "say that a redirect was not followed": async (setting) => {
    const target = await script(setting, [{}]);
    const answer = { status: 307, headers: { location: `${target.url}/stolen` } };
    const { url } = await script(setting, [answer]);
    const error = await fail({ ...signed(setting), url }, { name: freshName() });
    checkFields(error, { code: "redirected", outcome: "unknown", attempts: 1 });
    checkEqual(await target.received(), []);
  },

  "tell no credential, no value and nothing that a server says": async (setting) => {
    const { senderKey, token } = setting;
    for (const status of [200, 400, 401, 422, 500]) {
      const echo = `${VALUE} ${senderKey} ${token} canary-of-the-server`;
      const body = {
        code: echo,
        title: echo,
        detail: echo,
        request_id: echo,
        errors: [{ path: echo, message: echo }],
      };
      const { url } = await script(setting, [{ status, body, headers: { "x-request-id": VALUE } }]);
      for (const credential of [{ senderKey }, { token }]) {
        const error = await fail({ url, ...credential, maxAttempts: 1 }, { name: freshName() });
        checkTellsNothing(error, [VALUE, senderKey, token, "canary"]);
      }
    }
  },

  "are TypeErrors for unusable options, which tell none": async ({ worker, token, senderKey }) => {
    for (const wrong of [
      { url: "http://example.com", token },
      { url: worker, token: "cs_canary" },
      { url: worker, senderKey: "whsec_canary" },
      { url: worker, token, senderKey },
      { url: worker },
      { url: worker, token, maxAttempts: 0 },
    ]) {
      const call = deliverSecret({ ...wrong, name: "RUN_X", value: VALUE } as never);
      checkTellsNothing(await failureOf(call, TypeError), ["canary", token, senderKey]);
    }
  },
};
