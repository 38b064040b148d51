import { setTimeout as sleep } from "node:timers/promises";
import { Stop } from "./stop.ts";

/** A new address takes a while until it is known everywhere. */
const PATIENCE_MS = 60_000;
const INTERVAL_MS = 2_000;

interface Health {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Asks a deployed Worker whether its configuration is complete and valid.
 *
 * @throws {Stop} that names what is wrong, or if it does not answer in time
 */
export async function checkHealth(
  origin: string,
  { patienceMs = PATIENCE_MS, intervalMs = INTERVAL_MS } = {},
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const health = await ask(origin);
    if (health?.status === "ok") return;
    if (health?.code === "misconfigured") throw new Stop(describe(origin, health));
    if (Date.now() >= until)
      throw new Stop(`${origin}/healthz does not answer as the Worker does.`);
    await sleep(intervalMs);
  }
}

async function ask(origin: string): Promise<Health | undefined> {
  try {
    const response = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(10_000) });
    return (await response.json()) as Health;
  } catch {
    return undefined;
  }
}

function describe(origin: string, { errors = [] }: Health): string {
  const list = errors.map(({ path, message }) => `  ${path} ${message}`);
  return [`${origin} is deployed, but its configuration breaks a rule:`, ...list].join("\n");
}
