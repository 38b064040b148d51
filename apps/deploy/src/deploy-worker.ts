import { checkApiKey, formatCheck } from "./check-api-key.ts";
import { checkHealth } from "./check-health.ts";
import { collectSecrets } from "./collect-secrets.ts";
import type { Environment } from "./configuration.ts";
import { DeployError } from "./deploy-error.ts";
import { printableLine } from "./printable.ts";
import { checkRoutes, listOrigins } from "./routes.ts";
import type { Terminal } from "./terminal.ts";
import type { Wrangler } from "./wrangler.ts";

/** What a deployment needs. */
export interface Deployment {
  readonly wrangler: Pick<Wrangler, "bundle" | "selectAccount" | "listSecrets" | "deploy">;
  readonly environment: Environment;
  /** Secrets to ask for although they are set. */
  readonly replace: readonly string[];
  /** Secrets from standard input. */
  readonly given: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
}

/**
 * Deploys the Worker. Each step is checked before the next:
 *
 * 1. the routes fit, and the Worker can be bundled
 * 2. wrangler is logged in; the account is named
 * 3. every secret is set or entered, and a new API key works
 * 4. code and secrets are uploaded together
 * 5. the new version answers, and says that its configuration is valid
 *
 * A repeated deployment asks for nothing that is set.
 *
 * @returns the addresses of the Worker
 * @throws {DeployError} that says what is missing
 */
export async function deployWorker(deployment: Deployment): Promise<string[]> {
  const { wrangler, environment, terminal } = deployment;
  const { say } = terminal;
  say(`Worker ${environment.workerName}`);
  checkRoutes(environment.routes);
  await wrangler.bundle();
  say("✓ the Worker can be bundled");
  const account = await wrangler.selectAccount();
  say(`✓ account ${printableLine(account.name)} (${printableLine(account.id)})`);
  const secrets = await prepareSecrets(deployment);
  const { targets, versionId } = await wrangler.deploy(secrets);
  say(`✓ deployed ${versionId === undefined ? "" : `version ${printableLine(versionId)}`}`.trim());
  const origins = listOrigins(targets);
  for (const origin of origins) {
    await checkHealth(origin, { versionId });
    say(`✓ ${origin}/healthz: this version answers, and its configuration is valid`);
  }
  if (origins.length === 0) say("wrangler reported no address. Check /healthz at your route.");
  return origins;
}

async function prepareSecrets(deployment: Deployment): Promise<Record<string, string>> {
  const { wrangler, environment, replace, given, terminal } = deployment;
  const required = environment.requiredSecrets;
  const set = await wrangler.listSecrets();
  const secrets = await collectSecrets({ required, set, replace, given }, terminal);
  for (const name of required) {
    const isGenerated = name === "LEDGER_KEY" && given[name] === undefined;
    const isNew = isGenerated && !replace.includes(name) ? "generated" : "checked";
    terminal.say(`✓ ${name} ${secrets[name] === undefined ? "is set" : isNew}`);
  }
  const apiKey = secrets["ELEVENLABS_API_KEY"];
  if (apiKey !== undefined) await requireUsableKey(apiKey, environment, terminal);
  return secrets;
}

/** An inconclusive answer is no reason to stop. */
async function requireUsableKey(apiKey: string, { elevenLabsUrl }: Environment, { say }: Terminal) {
  const lines = await checkApiKey(apiKey, elevenLabsUrl);
  for (const line of lines) say(formatCheck(line));
  if (lines.some(({ status }) => status === "failed"))
    throw new DeployError(`The API key does not work at ${elevenLabsUrl}. Nothing was deployed.`);
}
