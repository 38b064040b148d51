import { type CreateSecretRequest, createSecret, SecretsApiError } from "@convai-secrets/core";
import { check, checkEqual, checkFields, failureOf } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { script } from "./scripted.ts";
import { freshName, injectFault, readUpstream } from "./upstream.ts";

/** Letters of two, three and four bytes in UTF-8, and what JSON escapes. */
const VALUE = 'hünter2 € \u{1f511} "\\\n\u2028';
const secret = (name: string): CreateSecretRequest => ({ type: "new", name, value: VALUE });
const options = ({ upstream, apiKey }: Setting) => ({ baseUrl: upstream, apiKey });

export const coreCreate: Tests = {
  "stores the value as it is, with one request": async (setting) => {
    const name = freshName();
    const stored = await createSecret(secret(name), options(setting));
    const { secrets, posts } = await readUpstream(setting, name);
    checkEqual(posts, 1);
    checkEqual(
      secrets.map(({ secret_id, value }) => ({ secret_id, value })),
      [{ secret_id: stored.secret_id, value: VALUE }],
    );
    checkEqual(stored, { type: "stored", name, secret_id: stored.secret_id });
  },

  "asks a function for the key, and waits for it": async (setting) => {
    const apiKey = () => new Promise<string>((resolve) => setTimeout(resolve, 5, setting.apiKey));
    const stored = await createSecret(secret(freshName()), { ...options(setting), apiKey });
    check(stored.secret_id.length > 0, "there is an id");
  },

  "sends the key, the content type and the three fields": async (setting) => {
    const name = freshName();
    const answer = { body: { type: "stored", secret_id: "sec_1", name } };
    const { url, received } = await script(setting, [answer]);
    await createSecret(secret(name), { apiKey: "key-1", baseUrl: `${url}/a/path/` });
    const [request, ...more] = await received();
    checkEqual(more, []);
    checkFields(request ?? {}, { method: "POST", path: "/a/path/v1/convai/secrets" });
    checkFields(request?.headers ?? {}, {
      "xi-api-key": "key-1",
      "content-type": "application/json",
      accept: "application/json",
    });
    checkEqual(JSON.parse(request?.body ?? ""), secret(name));
  },

  "sends nothing if the request breaks a rule": async (setting) => {
    const name = freshName();
    const wrong = { type: "new", name, value: "", typo: 1 } as never;
    const error = await failureOf(createSecret(wrong, options(setting)), SecretsApiError);
    checkFields(error, {
      code: "invalid_request",
      outcome: "not_created",
      issues: [
        { path: "value", rule: "must not be empty" },
        { path: "typo", rule: "is not a known field" },
      ],
    });
    checkEqual((await readUpstream(setting, name)).posts, 0);
  },

  "takes unusable options for a mistake of the program": async (setting) => {
    for (const wrong of [
      { baseUrl: "http://example.com" },
      { baseUrl: "https://user:password@example.com" },
      { timeoutMs: 0 },
      { timeoutMs: 2 ** 31 },
    ]) {
      const call = createSecret(secret("RUN_X"), { ...options(setting), ...wrong });
      await failureOf(call, TypeError);
    }
  },

  "calls the given fetch, with a signal": async (setting) => {
    let signal: unknown;
    const fetch: typeof globalThis.fetch = (input, init) => {
      signal = init?.signal;
      return globalThis.fetch(input, init);
    };
    await createSecret(secret(freshName()), { ...options(setting), fetch });
    check(signal instanceof AbortSignal, "fetch got a signal");
  },

  "does not follow a redirect: the key would travel along": async (setting) => {
    const target = await script(setting, [{}]);
    const name = freshName();
    await injectFault(setting, { kind: "redirect", to: `${target.url}/stolen`, name });
    const error = await failureOf(createSecret(secret(name), options(setting)), SecretsApiError);
    checkFields(error, { code: "failed", outcome: "unknown" });
    checkEqual(await target.received(), []);
  },

  "ends when its time is up, before the answer and within it": async (setting) => {
    for (const fault of [{ kind: "hang" }, { kind: "endless-body", everyMs: 20 }]) {
      const name = freshName();
      await injectFault(setting, { ...fault, name });
      const call = createSecret(secret(name), { ...options(setting), timeoutMs: 300 });
      const error = await failureOf(call, SecretsApiError);
      checkFields(error, { code: "timed_out", outcome: "unknown" });
    }
  },

  "ends when its caller aborts, before the answer and within it": async (setting) => {
    for (const fault of [{ kind: "hang" }, { kind: "endless-body", everyMs: 20 }]) {
      const name = freshName();
      await injectFault(setting, { ...fault, name });
      const caller = new AbortController();
      setTimeout(() => caller.abort(), 300);
      const call = createSecret(secret(name), { ...options(setting), signal: caller.signal });
      const error = await failureOf(call, SecretsApiError);
      checkFields(error, { code: "aborted", outcome: "unknown" });
    }
  },

  "sends nothing after an abort": async (setting) => {
    const name = freshName();
    const signal = AbortSignal.abort();
    const call = createSecret(secret(name), { ...options(setting), signal });
    checkFields(await failureOf(call, SecretsApiError), {
      code: "aborted",
      outcome: "not_created",
    });
    checkEqual((await readUpstream(setting, name)).posts, 0);
  },
};
