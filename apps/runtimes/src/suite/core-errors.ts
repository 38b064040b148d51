import { createSecret, SecretsApiError } from "@convai-secrets/core";
import { check, checkEqual, checkFields, checkTellsNothing, failureOf } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { freshName, injectFault, readUpstream } from "./upstream.ts";

const VALUE = "canary-of-the-value";

/** Answers that say what became of the secret. */
const REFUSALS = [
  [{ status: 400 }, { code: "rejected", outcome: "not_created", status: 400 }],
  [{ status: 401 }, { code: "api_key_invalid", outcome: "not_created", status: 401 }],
  [{ status: 403 }, { code: "permission_missing", outcome: "not_created", status: 403 }],
  [
    { status: 429, headers: { "retry-after": "7" } },
    { code: "rate_limited", outcome: "not_created", retryAfterMs: 7_000 },
  ],
  [
    {
      status: 422,
      body: { detail: [{ loc: ["body", "name"], type: "string_too_long", input: VALUE }] },
    },
    { code: "rejected", issues: [{ path: "name", rule: "is too long" }] },
  ],
] as const;

/** Answers after which nobody can know: in each case the secret is stored. */
const UNKNOWABLE = {
  "a 500": { kind: "answer", status: 500 },
  "a 408": { kind: "answer", status: 408 },
  "a 502 that asks for a retry": { kind: "answer", status: 502, headers: { "retry-after": "0" } },
  "a lost connection": { kind: "drop" },
  "malformed JSON": { kind: "malformed-json" },
  "wrong types": { kind: "wrong-types" },
  "a page of HTML": { kind: "html" },
  "a truncated body": { kind: "truncated-body" },
  "an endless body": { kind: "endless-body" },
  "a gzip bomb": { kind: "gzip-bomb", bytes: 16 * 1024 * 1024 },
} as const;

async function fail(setting: Setting, name: string, apiKey = setting.apiKey) {
  const request = { type: "new", name, value: VALUE } as const;
  const call = createSecret(request, { baseUrl: setting.upstream, apiKey, timeoutMs: 20_000 });
  return failureOf(call, SecretsApiError);
}

/** One test a kind: what becomes of one runtime's HTTP says nothing of another's. */
function forEachUnknowable(
  title: string,
  test: (setting: Setting, name: string) => Promise<void>,
): Tests {
  const tests = Object.entries(UNKNOWABLE).map(([what, fault]) => [
    `${title} after ${what}`,
    async (setting: Setting) => {
      const name = freshName();
      // For ever: the second request of a runtime that sends one must not succeed.
      await injectFault(setting, { ...fault, store: true, times: null, name });
      await test(setting, name);
    },
  ]);
  return Object.fromEntries(tests);
}

export const coreErrors: Tests = {
  "say that nothing was created where the API refused": async (setting) => {
    for (const [fault, expected] of REFUSALS) {
      const name = freshName();
      await injectFault(setting, { kind: "answer", ...fault, name });
      checkFields(await fail(setting, name), expected);
      checkEqual((await readUpstream(setting, name)).posts, 1);
    }
  },

  "tell a wrong key from one that lacks the permission": async (setting) => {
    checkFields(await fail(setting, freshName(), "wrong"), { code: "api_key_invalid" });
    const error = await fail(setting, freshName(), setting.readOnlyKey);
    checkFields(error, { code: "permission_missing", status: 401 });
  },

  "say that nothing was sent where there is no usable key": async (setting) => {
    const name = freshName();
    for (const apiKey of ["", "a b", "k\n", "ключ"]) {
      const error = await fail(setting, name, apiKey);
      checkFields(error, { code: "api_key_unavailable", outcome: "not_created" });
    }
    checkEqual((await readUpstream(setting, name)).posts, 0);
  },

  ...forEachUnknowable("leave the outcome unknown", async (setting, name) => {
    checkFields(await fail(setting, name), { code: "failed", outcome: "unknown" });
    check((await readUpstream(setting, name)).secrets.length > 0, "the secret is stored");
  }),

  ...forEachUnknowable("come of one request", async (setting, name) => {
    await fail(setting, name);
    checkEqual((await readUpstream(setting, name)).posts, 1);
  }),

  "leave the outcome unknown where nobody listens": async (setting) => {
    const fetch = () => globalThis.fetch("http://127.0.0.1:1/");
    const request = { type: "new", name: freshName(), value: VALUE } as const;
    const call = createSecret(request, { baseUrl: setting.upstream, apiKey: "key", fetch });
    checkFields(await failureOf(call, SecretsApiError), { code: "failed", outcome: "unknown" });
  },

  "tell neither the value nor the key nor what the API said": async (setting) => {
    const told = [VALUE, setting.apiKey, "canary-of-the-api"];
    for (const status of [400, 401, 422, 429, 500]) {
      const name = freshName();
      const detail = { status: "canary-of-the-api", message: `canary-of-the-api ${VALUE}` };
      const fault = {
        kind: "answer",
        status,
        body: { detail },
        headers: { "x-request-id": VALUE },
      };
      await injectFault(setting, { ...fault, name });
      checkTellsNothing(await fail(setting, name), [...told, name]);
    }
  },
};
