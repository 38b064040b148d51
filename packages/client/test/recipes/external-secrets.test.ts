import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { readRecipe } from "./read-recipe.ts";
import { expectStored, useRig, VALUE } from "./use-rig.ts";

interface Store {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly provider: { readonly webhook: WebhookProvider } };
}

interface WebhookProvider {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface PushSecret {
  readonly spec: {
    readonly secretStoreRefs: readonly { readonly name: string }[];
    readonly data: readonly { match: { remoteRef: { remoteKey: string } } }[];
  };
}

const rig = useRig();
const [store, push] = parseAllDocuments(readRecipe("External Secrets Operator", "yaml")).map(
  (document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  },
) as [Store, PushSecret];

/**
 * What the operator puts in for a template: `remoteRef` holds the remote key, and under that key the
 * value; `toJson` is sprig's, which escapes as Go does.
 *
 * @see https://github.com/external-secrets/external-secrets PushWebhookData
 */
function fillIn(template: string, remoteKey: string, value: string, token: string): string {
  const known: Readonly<Record<string, string>> = {
    ".sender.token": token,
    ".remoteRef.remoteKey | toJson": toGoJson(remoteKey),
    "index .remoteRef .remoteRef.remoteKey | toJson": toGoJson(value),
  };
  return template.replaceAll(/\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const text = known[expression];
    if (text === undefined) throw new Error(`${expression} is no expression that is known here`);
    return text;
  });
}

function toGoJson(text: string): string {
  const escapeOne = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, escapeOne);
}

test("the store and what is pushed to it fit together", () => {
  expect(push.spec.secretStoreRefs).toMatchObject([{ name: store.metadata.name }]);
});

test("each refresh sends what the Worker takes, and one secret is stored", async () => {
  const { url, method, headers, body } = store.spec.provider.webhook;
  const [{ match }] = push.spec.data as [PushSecret["spec"]["data"][0]];
  const { remoteKey } = match.remoteRef;
  const fill = (template: string) => fillIn(template, remoteKey, VALUE, rig().token);
  for (let refresh = 0; refresh < 3; refresh += 1) {
    const response = await fetch(rig().url + new URL(url).pathname, {
      method,
      headers: Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        fill(value),
      ]),
      body: fill(body),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("idempotent-replayed")).toBe(refresh === 0 ? null : "true");
  }
  expectStored(rig(), "CRM_TOKEN");
});
