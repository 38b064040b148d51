import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { addCheckSenders } from "./commands/check-senders.ts";
import { addCreate } from "./commands/create.ts";
import { addDeliveries } from "./commands/deliveries.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addKeygen } from "./commands/keygen.ts";
import { addPush } from "./commands/push.ts";
import { addUpdate } from "./commands/update.ts";
import type { Context } from "./context.ts";
import { EXIT_CODES_HELP } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import type { Report } from "./report.ts";
import { describeUsage } from "./usage-failure.ts";

const { version }: { version: string } = createRequire(import.meta.url)("../package.json");

const CONFIGURATION_HELP = `
Configuration in environment variables: the address and one credential.
  CONVAI_SECRETS_URL             the Worker's address, such as https://secrets.example.com
  CONVAI_SECRETS_SIGNING_SECRET  whsec_…: signs requests and is never sent
  CONVAI_SECRETS_TOKEN           cs_…: a bearer token
  CONVAI_SECRETS_ID_TOKEN        an OIDC token
  CONVAI_SECRETS_ID_TOKEN_FILE   a file with an OIDC token, read again for each attempt
  CONVAI_SECRETS_ID_TOKEN_AUDIENCE  the audience of GitHub's token; default the address
A GitHub Actions job with "permissions: id-token: write" needs only the address.

Without these variables, the command reads ~/.config/convai-secrets/config.json (below
XDG_CONFIG_HOME if that is set): {"url":"https://…","token":"cs_…"}, mode 0600. The other fields are
signingSecret, idToken and idTokenFile. --settings FILE names another file.
A credential is never an option, because other users of the machine can read command lines.

NODE_USE_ENV_PROXY=1 makes Node.js use HTTPS_PROXY. NO_COLOR turns colours off.`;

/**
 * Runs the command that the arguments name.
 *
 * @returns `undefined` if help or the version was written
 * @throws {CommandFailure} that repeats nothing of the arguments
 */
export async function runProgram(
  argv: readonly string[],
  interruption: Interruption,
): Promise<Report | undefined> {
  let report: Report | undefined;
  const program = createProgram({
    interruption,
    finish: (finished) => {
      report = finished;
    },
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw describeUsage(error);
  }
  return report;
}

/** The commands and their options. */
export function createProgram(context: Context): Command {
  const program = new Command("convai-secrets")
    .description("Stores secrets in an ElevenLabs workspace through a convai-secrets Worker.")
    .version(version)
    .exitOverride()
    // Its messages repeat what was typed.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", CONFIGURATION_HELP)
    .addHelpText("afterAll", EXIT_CODES_HELP);
  const commands = [
    addCreate,
    addUpdate,
    addPush,
    addDeliveries,
    addDoctor,
    addKeygen,
    addCheckSenders,
  ];
  for (const add of commands) add(program, context);
  return program;
}
