import { getSetting } from "./setting.ts";

/** A secret of the local upstream. */
interface StoredRecord {
  readonly secret_id: string;
  readonly name: string;
  readonly value: string;
}

/** A new name, so that each test looks at its own secrets. */
export function generateName(): string {
  return `RUN_${crypto.randomUUID()}`;
}

/** Injects a fault of the local upstream; see `packages/elevenlabs-local`. */
export async function injectFault(fault: {
  readonly kind: string;
  readonly name: string;
  readonly [option: string]: unknown;
}): Promise<void> {
  const body = JSON.stringify(fault);
  const headers = { "content-type": "application/json" };
  const url = `${getSetting().upstream}/__control/faults`;
  const response = await fetch(url, { method: "POST", headers, body });
  if (response.status !== 204) throw new Error(await response.text());
}

/** Reads what the local upstream stored under a name, and how many POSTs of it arrived. */
export async function readUpstream(name: string) {
  const response = await fetch(`${getSetting().upstream}/__control/state`);
  const { secrets, received } = (await response.json()) as {
    readonly secrets: readonly StoredRecord[];
    readonly received: { readonly postsByName: Readonly<Record<string, number>> };
  };
  return {
    secrets: secrets.filter((secret) => secret.name === name),
    posts: received.postsByName[name] ?? 0,
  };
}
