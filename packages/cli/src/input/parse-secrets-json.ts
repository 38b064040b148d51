import { printable } from "../output/printable.ts";
import { findRepeatedKeys } from "./find-repeated-keys.ts";
import type { Found, FoundSecret } from "./found-secret.ts";

/**
 * Reads secrets from JSON, told apart by its shape:
 *
 * - an object of names and values: `doppler secrets download --no-file --format json`
 * - an array of objects with `key` and `value`: `infisical export --format=json`
 * - an object whose `data` holds them, or whose `data.data` does: `vault kv get -format=json`, of
 *   the first or the second version of its key-value engine
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
 */
export function parseSecretsJson(text: string): Found {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The reason quotes the text around it.
    return refuse("must be JSON; a .env file is given by --env-file");
  }
  if (Array.isArray(document)) return readPairs(document);
  if (!isObject(document)) return refuse("must be a JSON object or array");
  const path = findSecrets(document);
  const secrets = Object.entries(path.reduce(step, document)).map(([name, value]) => ({
    name,
    value,
    origin: printable(name),
  }));
  const repeated = findRepeatedKeys(text, path).map((name) => ({
    path: printable(name),
    rule: "name must not be used twice",
  }));
  return { secrets, issues: repeated };
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where in the document the secrets are. Doppler's values are text, also of one called `data`. */
function findSecrets({ data }: JsonObject): readonly string[] {
  if (!isObject(data)) return [];
  return isObject(data["data"]) && isObject(data["metadata"]) ? ["data", "data"] : ["data"];
}

function step(object: JsonObject, key: string): JsonObject {
  return object[key] as JsonObject;
}

function readPairs(items: readonly unknown[]): Found {
  const secrets: FoundSecret[] = [];
  const issues = items.flatMap((item, index) => {
    const key = isObject(item) ? item["key"] : undefined;
    if (!isObject(item) || typeof key !== "string" || !("value" in item)) {
      return [{ path: String(index), rule: "must be an object with key and value" }];
    }
    secrets.push({ name: key, value: item["value"], origin: printable(key) });
    return [];
  });
  return { secrets, issues };
}

function refuse(rule: string): Found {
  return { secrets: [], issues: [{ path: "standard input", rule }] };
}
