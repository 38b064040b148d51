import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { addCheckSenders } from "./commands/check-senders.ts";
import { addCreate } from "./commands/create.ts";
import { addDeliveries } from "./commands/deliveries.ts";
import { addKeygen } from "./commands/keygen.ts";
import { addPush } from "./commands/push.ts";
import type { Context } from "./context.ts";
import { EXIT_CODES_HELP } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import type { Report } from "./report.ts";
import { describeUsage } from "./usage-failure.ts";

const { version }: { version: string } = createRequire(import.meta.url)("../package.json");

const CONFIGURATION_HELP = `
Configuration, by the environment:
  CONVAI_SECRETS_URL  the Worker's address, such as https://secrets.example.workers.dev
  CONVAI_SECRETS_KEY  the sender's signing secret (whsec_…) or token (cs_…)
or by --config FILE, and then by nothing else: {"url":"https://…","key":"…"}, mode 0600.
A credential is never taken as an option, since the command line is visible to others.

NO_COLOR turns colours off. Colours and progress show on a terminal only.`;

/**
 * Runs the command that the arguments name.
 *
 * @returns `undefined` if help or the version was asked for, and written
 * @throws {CommandFailure} that repeats nothing of the arguments
 * @throws {DeliveryError}
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

function createProgram(context: Context): Command {
  const program = new Command("convai-secrets")
    .description("Stores secrets in an ElevenLabs workspace through a convai-secrets Worker.")
    .version(version)
    .exitOverride()
    // Its messages repeat what was typed.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", CONFIGURATION_HELP)
    .addHelpText("afterAll", EXIT_CODES_HELP);
  for (const add of [addCreate, addPush, addKeygen, addCheckSenders, addDeliveries]) {
    add(program, context);
  }
  return program;
}
