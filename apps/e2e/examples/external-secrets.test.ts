import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { readExample } from "./run-example.ts";
import { expectStored, useStack } from "./use-stack.ts";

const stack = useStack();
const [credential, store, push] = parseAllDocuments(await readExample("external-secrets.yml")).map(
  (document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  },
);

/**
 * Fills a template as the operator does: `remoteRef` has the remote key and, under that key, the
 * value. `toJson` is sprig's, which escapes as Go does.
 *
 * @see https://github.com/external-secrets/external-secrets (pkg/provider/webhook)
 */
function fill(template: string, remoteKey: string, value: string): string {
  const known: Readonly<Record<string, string>> = {
    ".sender.token": stack().sender.token,
    ".remoteRef.remoteKey | toJson": toGoJson(remoteKey),
    "index .remoteRef .remoteRef.remoteKey | toJson": toGoJson(value),
  };
  return template.replaceAll(/\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const text = known[expression];
    if (text === undefined) throw new Error(`The test does not know the template ${expression}`);
    return text;
  });
}

function toGoJson(text: string): string {
  const escapeOne = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, escapeOne);
}

async function refresh(value: string): Promise<{ result: string | null; secret_id: string }> {
  const { url, method, headers, body } = store.spec.provider.webhook;
  const { remoteKey } = push.spec.data[0].match.remoteRef;
  const filled = Object.entries<string>(headers).map(([name, template]): [string, string] => [
    name,
    fill(template, remoteKey, value),
  ]);
  const response = await fetch(stack().url + new URL(url).pathname, {
    method,
    headers: filled,
    body: fill(body, remoteKey, value),
  });
  const { secret_id } = (await response.json()) as { secret_id: string };
  return { result: response.headers.get("convai-secrets-result"), secret_id };
}

test("the three manifests fit together, and the operator may read the credential", () => {
  expect(push.spec.secretStoreRefs).toMatchObject([{ name: store.metadata.name }]);
  const [{ secretRef }] = store.spec.provider.webhook.secrets;
  expect(secretRef.name).toBe(credential.metadata.name);
  expect(credential.metadata.labels).toEqual({ "external-secrets.io/type": "webhook" });
});

test("ten refreshes with three values keep one secret_id and end with the newest value", async () => {
  const values = ["<first>", "<first>", "<first>", "second", "second", "second", "third & last"];
  const refreshes = [...values, "third & last", "third & last", "third & last"];
  const results: (string | null)[] = [];
  const ids = new Set<string>();
  for (const value of refreshes) {
    const { result, secret_id } = await refresh(value);
    results.push(result);
    ids.add(secret_id);
  }
  const [c, u, r] = ["created", "updated", "replayed"];
  expect(results).toEqual([c, r, r, u, r, r, u, r, r, r]);
  expect(ids.size).toBe(1);
  expectStored(stack(), "CRM_TOKEN", "third & last");
});
