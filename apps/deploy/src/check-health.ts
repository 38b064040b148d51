import { setTimeout as sleep } from "node:timers/promises";
import { HEADERS, PATHS } from "@convai-secrets/protocol";
import * as v from "valibot";
import { DeployError } from "./deploy-error.ts";
import { printableLine } from "./printable.ts";

/** How long to wait for a new address or a new version, which take a while to reach every place. */
const PATIENCE_MS = 60_000;
const INTERVAL_MS = 2_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** The most rules that are shown. */
const MAX_SHOWN_ERRORS = 20;

const HealthSchema = v.object({
  status: v.optional(v.unknown()),
  code: v.optional(v.unknown()),
  errors: v.optional(v.array(v.object({ path: v.string(), message: v.string() })), []),
});

interface Health extends v.InferOutput<typeof HealthSchema> {
  readonly version: string | undefined;
}

/** What to expect, and how long to wait for it. */
export interface HealthOptions {
  /** The id of the version that must answer. Default: any version of this Worker. */
  readonly versionId?: string | undefined;
  readonly patienceMs?: number;
  readonly intervalMs?: number;
}

/**
 * Asks a deployed Worker whether its configuration is complete and valid.
 *
 * @throws {DeployError} that lists the broken rules, or says that the expected version does not
 * answer in time
 */
export async function checkHealth(
  origin: string,
  { versionId, patienceMs = PATIENCE_MS, intervalMs = INTERVAL_MS }: HealthOptions = {},
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const health = await ask(origin);
    const isExpected = versionId === undefined || health?.version === versionId;
    if (isExpected && health?.status === "ok") return;
    if (isExpected && health?.code === "misconfigured")
      throw new DeployError(describe(origin, health.errors));
    if (Date.now() >= until) throw new DeployError(describeTimeout(origin, health));
    await sleep(intervalMs);
  }
}

async function ask(origin: string): Promise<Health | undefined> {
  try {
    const response = await fetch(`${origin}${PATHS.healthz}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const health = v.safeParse(HealthSchema, await response.json());
    const version = response.headers.get(HEADERS.version) ?? undefined;
    return health.success ? { ...health.output, version } : undefined;
  } catch {
    return undefined;
  }
}

function describe(origin: string, errors: Health["errors"]): string {
  const list = errors
    .slice(0, MAX_SHOWN_ERRORS)
    .map(({ path, message }) => `  ${printableLine(`${path} ${message}`)}`);
  return [`${origin} is deployed, but its configuration is invalid:`, ...list].join("\n");
}

function describeTimeout(origin: string, health: Health | undefined): string {
  const isThisWorker = health?.status === "ok" || health?.code === "misconfigured";
  return isThisWorker
    ? `${origin}/healthz is still answered by another version. Run npm run deploy -- --check later.`
    : `${origin}/healthz does not answer as this Worker does. Is another product in front of it?`;
}
