import { generateLedgerKey } from "@convai-secrets/protocol";
import { checkHealth } from "./check-health.ts";
import type { DeployedConfiguration } from "./read-configuration.ts";
import { findFaults, HINTS } from "./secrets.ts";
import { Stop } from "./stop.ts";
import type { Wrangler } from "./wrangler.ts";

/** What a deployment is done with. */
export interface Deployment {
  readonly wrangler: Wrangler;
  readonly configuration: DeployedConfiguration;
  /** Secrets to set anew, though they may be set already. */
  readonly replace: readonly string[];
  /** Secrets that were handed over. */
  readonly given: Readonly<Record<string, string>>;
  /** Asks for a secret; absent where nobody can be asked. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly say: (line: string) => void;
}

/**
 * Deploys the Worker, each step checked before the next:
 *
 * 1. the Worker packs
 * 2. somebody is logged in
 * 3. every secret is set; those that are not are asked for, checked and set before the Worker runs
 * 4. the Worker is deployed
 * 5. it says itself that its configuration is complete and valid
 *
 * Doing it again deploys again, and asks for nothing that is set.
 *
 * @throws {Stop} that says what is missing
 */
export async function guide(deployment: Deployment): Promise<void> {
  const { wrangler, configuration, say } = deployment;
  say(`Worker ${configuration.workerName}`);
  await wrangler.rehearse();
  say("✓ packs");
  if (!(await wrangler.isLoggedIn())) throw new Stop(NOT_LOGGED_IN);
  say("✓ logged in");
  await setSecrets(deployment);
  const targets = await wrangler.deploy();
  say("✓ deployed");
  await checkTargets(targets, say);
}

const NOT_LOGGED_IN =
  "Nobody is logged in. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.";

async function setSecrets(deployment: Deployment): Promise<void> {
  const { wrangler, configuration, replace, given, say } = deployment;
  const set = await wrangler.listSecrets();
  const wanted = new Set([
    ...configuration.required.filter((name) => !set.includes(name)),
    ...replace,
    ...Object.keys(given),
  ]);
  const secrets = await collectSecrets([...wanted], set, deployment);
  if (Object.keys(secrets).length > 0) await wrangler.putSecrets(secrets);
  for (const name of configuration.required) {
    say(`✓ ${name} ${wanted.has(name) ? "checked and set" : "is set"}`);
  }
}

async function collectSecrets(
  names: readonly string[],
  set: readonly string[],
  { given, ask, configuration }: Deployment,
): Promise<Record<string, string>> {
  const unknown = names.filter((name) => !configuration.required.includes(name));
  if (unknown.length > 0) throw new Stop(`Not a secret of this Worker: ${unknown.join(", ")}`);
  const faults = Object.entries(given).flatMap(([name, value]) => findFaults(name, value));
  if (faults.length > 0) throw new Stop(faults.join("\n"));
  const secrets = { ...given };
  // Only this Worker uses it, so nobody has to know it.
  if (names.includes("LEDGER_KEY") && !set.includes("LEDGER_KEY"))
    secrets["LEDGER_KEY"] ??= generateLedgerKey();
  const missing = names.filter((name) => secrets[name] === undefined);
  if (ask === undefined && missing.length > 0) throw new Stop(describeMissing(missing));
  for (const name of missing) if (ask !== undefined) secrets[name] = await askFor(name, ask);
  return secrets;
}

async function askFor(name: string, ask: (question: string) => Promise<string>): Promise<string> {
  let question = `${name}: ${HINTS[name] ?? "a secret"}\n(not shown) > `;
  for (;;) {
    const value = await ask(question);
    const faults = findFaults(name, value);
    if (faults.length === 0) return value;
    question = `${faults.join("\n")}\n${name} again (not shown) > `;
  }
}

function describeMissing(names: readonly string[]): string {
  return [
    "Not set:",
    ...names.map((name) => `  ${name}: ${HINTS[name] ?? "a secret"}`),
    "Run this on a terminal, or hand them over as a JSON object on the input:",
    "  … | npm run deploy -- --secrets-from-stdin",
  ].join("\n");
}

/** A route with a pattern is no address. */
async function checkTargets(targets: readonly string[], say: (line: string) => void) {
  const origins = targets
    .map((target) => (target.includes("://") ? target : `https://${target}`))
    .filter((target) => URL.canParse(target) && !target.includes("*"))
    .map((target) => new URL(target).origin);
  for (const origin of new Set(origins)) {
    await checkHealth(origin);
    say(`✓ ${origin}/healthz: the configuration is complete and valid`);
  }
  if (origins.length === 0) say("wrangler named no address: ask /healthz at your route yourself");
}
