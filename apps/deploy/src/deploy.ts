import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { loadAddresses, saveAddresses } from "./addresses.ts";
import { checkDeployment } from "./check-deployment.ts";
import { DeployError } from "./deploy-error.ts";
import { deployWorker } from "./deploy-worker.ts";
import { openEnvironment } from "./open-environment.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { parseSecrets } from "./parse-secrets.ts";
import { parseOrigin } from "./routes.ts";
import { openTerminal } from "./terminal.ts";
import { Wrangler } from "./wrangler.ts";

const DEFAULT_FILE = join(import.meta.dirname, "../../worker/wrangler.jsonc");

/** `npm run deploy`: deploys the Worker, or checks a deployed one. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  const isInteractive = process.stdin.isTTY === true && !options.secretsFromStdin;
  const terminal = openTerminal({ isInteractive });
  const given = options.secretsFromStdin ? parseSecrets(await text(process.stdin)) : {};
  const url = options.url === undefined ? undefined : parseOrigin(options.url);
  const { environment: name, host, jurisdiction, replace } = options;
  const file = findFile(options);
  const mayAdd = !options.check;
  const environment = await openEnvironment({ file, name, host, jurisdiction, mayAdd }, terminal);
  if (options.check) {
    const origins = url === undefined ? await loadAddresses(file, name) : [url];
    return await checkDeployment({ environment, origins, given, terminal });
  }
  const wrangler = new Wrangler(file, name, environment);
  const origins = await deployWorker({ wrangler, environment, replace, given, terminal });
  await saveAddresses(file, name, origins);
}

/** npm runs this in another folder than the user's. */
function findFile({ config }: Options): string {
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  return config === undefined ? DEFAULT_FILE : resolve(folder, config);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
