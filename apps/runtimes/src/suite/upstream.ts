import type { Setting } from "./report.ts";

/** What the stand-in keeps of a secret, as far as it is looked at here. */
interface Kept {
  readonly secret_id: string;
  readonly name: string;
  readonly value: string;
}

/** A name of its own, so that each test looks at its own secrets. */
export function freshName(): string {
  return `RUN_${crypto.randomUUID()}`;
}

/** Lets the next call about this name go wrong, as `packages/elevenlabs-local` describes it. */
export async function injectFault(
  { upstream }: Setting,
  fault: { readonly kind: string; readonly name: string; readonly [option: string]: unknown },
): Promise<void> {
  const body = JSON.stringify(fault);
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${upstream}/__control/faults`, { method: "POST", headers, body });
  if (response.status !== 204) throw new Error(await response.text());
}

/** What the stand-in has under a name, and how many POSTs with it arrived. */
export async function readUpstream({ upstream }: Setting, name: string) {
  const response = await fetch(`${upstream}/__control/state`);
  const { secrets, received } = (await response.json()) as {
    readonly secrets: readonly Kept[];
    readonly received: { readonly postsByName: Readonly<Record<string, number>> };
  };
  return {
    secrets: secrets.filter((secret) => secret.name === name),
    posts: received.postsByName[name] ?? 0,
  };
}
