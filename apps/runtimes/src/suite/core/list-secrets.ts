import { createSecret, listSecrets, SecretsApiError } from "@convai-secrets/core";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { scriptAnswers } from "../support/scripted-server.ts";
import { getSetting } from "../support/setting.ts";
import { generateName } from "../support/upstream.ts";

const options = () => ({ baseUrl: getSetting().upstream, apiKey: getSetting().apiKey });
const secret = (id: number) => ({ type: "stored", secret_id: `sec_${id}`, name: `NAME_${id}` });
const FIRST_PAGE = { body: { secrets: [secret(1)], has_more: true, next_cursor: "c-1" } };

/** Reads a listing to its end. */
async function readNames(pages: AsyncIterable<{ readonly name: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of pages) names.push(name);
  return names;
}

QUnit.module("core listSecrets");

QUnit.test("yields every secret whose name has the prefix, over all pages", async (assert) => {
  const search = generateName();
  const names = [0, 1, 2, 3, 4].map((index) => `${search}_${index}`);
  for (const name of names) await createSecret({ type: "new", name, value: "v" }, options());
  const listed = await readNames(listSecrets({ ...options(), search, pageSize: 2 }));
  assert.deepEqual(listed.sort(), names);
});

QUnit.test("requests a page only when it is read", async (assert) => {
  const page = { secrets: [secret(1), secret(2)], has_more: true, next_cursor: "c-1" };
  const { url, received } = await scriptAnswers({ body: page });
  for await (const { name } of listSecrets({ apiKey: "key", baseUrl: url, search: "a b&c" })) {
    if (name === "NAME_2") break;
  }
  const requests = await received();
  assert.equal(requests.length, 1);
  const { pathname, searchParams } = new URL(requests[0]?.path ?? "", "http://host.invalid");
  assert.equal(pathname, "/v1/convai/secrets");
  assert.equal(searchParams.get("search"), "a b&c");
});

for (const [title, second] of [
  ["repeats the cursor", FIRST_PAGE],
  ["is a 502", { status: 502 }],
  ["is not JSON", { body: "[" }],
] as const) {
  QUnit.test(`fails instead of ending early if a page ${title}`, async (assert) => {
    const { url } = await scriptAnswers(FIRST_PAGE, second);
    const pages = listSecrets({ apiKey: "key", baseUrl: url });
    assert.propContains((await pages.next()).value, { name: "NAME_1" });
    const error = await catchError(readNames(pages), SecretsApiError);
    assert.propContains(error, { code: "failed", outcome: "not_applied" });
  });
}

QUnit.test("ends when its caller aborts", async (assert) => {
  const caller = new AbortController();
  const { url } = await scriptAnswers(FIRST_PAGE);
  const pages = listSecrets({ apiKey: "key", baseUrl: url, signal: caller.signal });
  assert.false((await pages.next()).done);
  caller.abort();
  assert.propContains(await catchError(pages.next(), SecretsApiError), { code: "aborted" });
});

QUnit.test("throws a TypeError for an invalid page size", async (assert) => {
  for (const pageSize of [0, 101, 1.5]) {
    await assert.rejects(listSecrets({ ...options(), pageSize }).next(), TypeError);
  }
});
