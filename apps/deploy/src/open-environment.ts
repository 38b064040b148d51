import {
  addEnvironment,
  checkEnvironmentName,
  JURISDICTIONS,
  parseHost,
  parseJurisdiction,
} from "./add-environment.ts";
import { type Environment, findEnvironment, readConfiguration } from "./configuration.ts";
import { DeployError } from "./deploy-error.ts";
import type { Terminal } from "./terminal.ts";

/** Which environment of which file, and how to make it if it is new. */
export interface EnvironmentRequest {
  /** The wrangler configuration. */
  readonly file: string;
  /** `""` is production. */
  readonly name: string;
  readonly host: string | undefined;
  readonly jurisdiction: string | undefined;
  /** Whether a missing environment may be added. */
  readonly mayAdd: boolean;
}

/**
 * Reads an environment, and adds it to the configuration if it does not exist yet.
 *
 * @throws {DeployError} if it cannot be read or added, or if it exists with another host or
 * jurisdiction: a ledger stays where it is and belongs to one host
 */
export async function openEnvironment(
  request: EnvironmentRequest,
  terminal: Terminal,
): Promise<Environment> {
  const { file, name } = request;
  if (name !== "") checkEnvironmentName(name);
  const settings = readSettings(request);
  const { text, configuration } = await readConfiguration(file);
  const environment = findEnvironment(configuration, name);
  if (environment !== undefined) {
    const { elevenLabsUrl, jurisdiction } = environment;
    if (settings.host !== undefined && settings.host !== elevenLabsUrl)
      throw new DeployError(`This environment exists. ${OTHER_WORKSPACE}`);
    if (settings.jurisdiction !== undefined && settings.jurisdiction !== jurisdiction)
      throw new DeployError(`This environment exists. ${OTHER_LEDGER}`);
    return environment;
  }
  if (!request.mayAdd) throw new DeployError(describeMissing(Object.keys(configuration.env)));
  const host = settings.host ?? (await askHost(terminal, Object.keys(configuration.env)));
  const jurisdiction =
    settings.jurisdiction ??
    (request.host === undefined ? await askJurisdiction(terminal) : undefined);
  await addEnvironment(file, text, configuration, name, { host, jurisdiction });
  terminal.say(`✓ environment ${name} added to the wrangler configuration: commit the change`);
  return await openEnvironment({ ...request, mayAdd: false }, terminal);
}

const OTHER_WORKSPACE =
  "Its ledger belongs to another host than --host. For another workspace, use another environment.";

const OTHER_LEDGER = "Another --jurisdiction would start an empty ledger. Use another environment.";

function readSettings({ host, jurisdiction }: EnvironmentRequest) {
  const settings = {
    host: host === undefined ? undefined : parseHost(host),
    jurisdiction: jurisdiction === undefined ? undefined : parseJurisdiction(jurisdiction),
  };
  if (host !== undefined && settings.host === undefined)
    throw new DeployError(`--host must be ${HOST_RULE}.`);
  if (jurisdiction !== undefined && settings.jurisdiction === undefined)
    throw new DeployError(`--jurisdiction must be ${JURISDICTIONS.join(" or ")}.`);
  return settings;
}

const HOST_RULE = "us, eu, in, sg or an https URL without a path";

function describeMissing(environments: readonly string[]): string {
  const list = environments.length === 0 ? "no environments" : environments.join(", ");
  return `The wrangler configuration has no such environment. It has: ${list}. To add one, run this on a terminal or add --host.`;
}

async function askHost({ ask }: Terminal, environments: readonly string[]): Promise<string> {
  if (ask === undefined) throw new DeployError(describeMissing(environments));
  let question = "A new environment: a Worker with its own API key, senders and ledger.\n";
  for (;;) {
    question += `ElevenLabs host (${HOST_RULE}; empty for the global one) > `;
    const host = parseHost(await ask(question));
    if (host !== undefined) return host;
    question = "That is not a host.\n";
  }
}

async function askJurisdiction({ ask }: Terminal) {
  const choices = JURISDICTIONS.join(", ");
  const answer = await ask?.(
    `Where Cloudflare keeps the ledger (${choices}; empty for anywhere) > `,
  );
  if (answer === undefined || answer === "") return undefined;
  const jurisdiction = parseJurisdiction(answer);
  if (jurisdiction === undefined) throw new DeployError(`It must be ${choices} or empty.`);
  return jurisdiction;
}
