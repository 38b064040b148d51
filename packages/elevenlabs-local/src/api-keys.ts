import { briefError } from "./error-bodies.ts";

/** A permission of an API key: to create, change and delete, or to list and read. */
export type Permission = "convai_write" | "convai_read";

/** The workspace's API keys, each with what it may do. */
export type ApiKeys = Readonly<Record<string, readonly Permission[]>>;

export const DEFAULT_API_KEYS: ApiKeys = { "local-api-key": ["convai_write", "convai_read"] };

/** The body of the 401 that this key earns, or undefined if it may do what `method` does. */
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
