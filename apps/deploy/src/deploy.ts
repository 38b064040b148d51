import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { askSecret } from "./ask-secret.ts";
import { guide } from "./guide.ts";
import { readConfiguration } from "./read-configuration.ts";
import { Stop } from "./stop.ts";
import { Wrangler } from "./wrangler.ts";

const USAGE = `npm run deploy -- [--env staging] [--replace NAME]… [--secrets-from-stdin]

  --env                 an environment of apps/worker/wrangler.jsonc; default: production
  --replace             asks for a secret that is set already
  --secrets-from-stdin  reads secrets as a JSON object of strings by name`;

const WORKER = join(import.meta.dirname, "../../../apps/worker");

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return print(USAGE);
  await guide({
    wrangler: new Wrangler(WORKER, options.env),
    configuration: readConfiguration(join(WORKER, "wrangler.jsonc"), options.env),
    replace: options.replace,
    given: options["secrets-from-stdin"] ? parseSecrets(await text(process.stdin)) : {},
    ask: process.stdin.isTTY && !options["secrets-from-stdin"] ? askSecret : undefined,
    say: print,
  });
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        env: { type: "string", default: "" },
        help: { type: "boolean", default: false },
        replace: { type: "string", multiple: true, default: [] },
        "secrets-from-stdin": { type: "boolean", default: false },
      },
    }).values;
  } catch {
    // Its message quotes the argument, which may be a secret pasted where it does not belong.
    throw new Stop(USAGE);
  }
}

function parseSecrets(json: string): Record<string, string> {
  try {
    const secrets: unknown = JSON.parse(json);
    if (typeof secrets === "object" && secrets !== null && !Array.isArray(secrets)) {
      const entries = Object.entries(secrets);
      if (entries.every(([, value]) => typeof value === "string"))
        return Object.fromEntries(entries);
    }
  } catch {
    // The reason quotes the text around it.
  }
  throw new Stop("The input must be a JSON object of strings by name.");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
