import { briefError } from "./error-bodies.ts";

/** A permission of an API key: to create, update and delete secrets, or to list and read them. */
export type Permission = "convai_write" | "convai_read";

/** The workspace's API keys, each with its permissions. */
export type ApiKeys = Readonly<Record<string, readonly Permission[]>>;

export const DEFAULT_API_KEYS: ApiKeys = { "local-api-key": ["convai_write", "convai_read"] };

/** The body of the 401 for this API key, or undefined if it has the permission for `method`. */
export function refuseApiKey(apiKeys: ApiKeys, apiKey: string | undefined, method: string) {
  if (apiKey === undefined || apiKey === "") {
    return briefError(
      "needs_authorization",
      "Neither authorization header nor xi-api-key received, please provide one.",
    );
  }
  const permissions = Object.hasOwn(apiKeys, apiKey) ? apiKeys[apiKey] : undefined;
  if (permissions === undefined) return briefError("invalid_api_key", "Invalid API key");

  const needed: Permission = method === "GET" ? "convai_read" : "convai_write";
  if (permissions.includes(needed)) return undefined;
  return briefError(
    "missing_permissions",
    `The API key you used is missing the permission ${needed} to execute this operation.`,
  );
}
