import { createSecret, listSecrets, SecretsApiError } from "@convai-secrets/core";
import { check, checkEqual, checkFields, failureOf } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { script } from "./scripted.ts";
import { freshName } from "./upstream.ts";

const options = ({ upstream, apiKey }: Setting) => ({ baseUrl: upstream, apiKey });

/** Creates secrets whose names begin alike. */
async function createSome(setting: Setting, count: number): Promise<string> {
  const prefix = freshName();
  for (let index = 0; index < count; index += 1) {
    const request = { type: "new", name: `${prefix}_${index}`, value: "v" } as const;
    await createSecret(request, options(setting));
  }
  return prefix;
}

const secret = (id: number) => ({ type: "stored", secret_id: `sec_${id}`, name: `NAME_${id}` });

export const coreList: Tests = {
  "gives every secret that begins so, over all pages": async (setting) => {
    const search = await createSome(setting, 5);
    const names: string[] = [];
    for await (const { name } of listSecrets({ ...options(setting), search, pageSize: 2 })) {
      names.push(name);
    }
    checkEqual(
      names.sort(),
      [0, 1, 2, 3, 4].map((index) => `${search}_${index}`),
    );
  },

  "asks for a page only when it is read": async (setting) => {
    const page = { secrets: [secret(1), secret(2)], has_more: true, next_cursor: "c-1" };
    const { url, received } = await script(setting, [{ body: page }]);
    for await (const { name } of listSecrets({ apiKey: "key", baseUrl: url, search: "a b&c" })) {
      if (name === "NAME_2") break;
    }
    const requests = await received();
    checkEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      ["GET /v1/convai/secrets?page_size=100&search=a+b%26c"],
    );
  },

  "fails rather than end early, when a page is broken or they go in circles": async (setting) => {
    const first = { body: { secrets: [secret(1)], has_more: true, next_cursor: "c-1" } };
    for (const second of [first, { status: 502 }, { body: { secrets: [{}] } }, { body: "[" }]) {
      const { url } = await script(setting, [first, second]);
      const pages = listSecrets({ apiKey: "key", baseUrl: url });
      checkFields((await pages.next()).value ?? {}, { name: "NAME_1" });
      const rest = (async () => {
        for await (const _ of pages);
      })();
      checkFields(await failureOf(rest, SecretsApiError), {
        code: "failed",
        outcome: "not_created",
      });
    }
  },

  "ends when its caller aborts": async (setting) => {
    const caller = new AbortController();
    const page = { body: { secrets: [secret(1)], has_more: true, next_cursor: "c-1" } };
    const { url } = await script(setting, [page]);
    const pages = listSecrets({ apiKey: "key", baseUrl: url, signal: caller.signal });
    check((await pages.next()).done === false, "there is a first secret");
    caller.abort();
    checkFields(await failureOf(pages.next(), SecretsApiError), { code: "aborted" });
  },

  "takes an unusable page size for a mistake of the program": async (setting) => {
    for (const pageSize of [0, 101, 1.5]) {
      await failureOf(listSecrets({ ...options(setting), pageSize }).next(), TypeError);
    }
  },
};
