import type { Fault } from "@convai-secrets/elevenlabs-local/fault";
import { API_KEY, UPSTREAM_URL } from "./fixtures.ts";

/** Injects a fault into the local upstream. */
export async function inject(fault: Fault): Promise<void> {
  await control("POST", "faults", { ...fault, ...(fault.times === Infinity && { times: null }) });
}

/** Sets the valid API keys of the local upstream. */
export async function setApiKeys(
  keys: Record<string, readonly ("convai_write" | "convai_read")[]> = {
    [API_KEY]: ["convai_write", "convai_read"],
  },
): Promise<void> {
  await control("PUT", "api-keys", keys);
}

export async function setDuplicateNames(duplicateNames: "accept" | "conflict"): Promise<void> {
  await control("PUT", "settings", { duplicateNames });
}

/** How many POSTs of a name arrived, and which secrets of it are stored. */
export async function lookUp(
  name: string,
): Promise<{ posts: number; secrets: { secret_id: string; name: string; value: string }[] }> {
  const response = await fetch(`${UPSTREAM_URL}/__control/state`);
  const { received, secrets } = await response.json<State>();
  return {
    posts: received.postsByName[name] ?? 0,
    secrets: secrets.filter((secret) => secret.name === name),
  };
}

interface State {
  readonly received: { readonly postsByName: Readonly<Record<string, number>> };
  readonly secrets: { secret_id: string; name: string; value: string }[];
}

async function control(method: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${UPSTREAM_URL}/__control/${path}`, {
    method,
    body: JSON.stringify(body),
  });
  if (response.status !== 204) throw new Error(`${path}: ${await response.text()}`);
}
