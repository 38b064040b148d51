import { deliverSecret } from "@convai-secrets/client";
import type { Command } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { type CallOptions, CONFIG_OPTION, type Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Interruption } from "../interruption.ts";
import { parseCount } from "../parse-count.ts";
import type { CheckedSecret } from "../push/check-secrets.ts";
import { describeDryRun, describePush } from "../push/describe-push.ts";
import { startProgress } from "../push/progress.ts";
import { pushSecrets } from "../push/push-secrets.ts";
import { readSecrets } from "../push/read-secrets.ts";
import { parseRenaming, type Renaming } from "../push/rename.ts";
import { readConnection } from "../read-connection.ts";
import type { Report } from "../report.ts";

interface PushOptions extends CallOptions {
  readonly envFile?: string;
  readonly only: readonly string[];
  readonly rename: readonly string[];
  readonly concurrency: string;
  readonly dryRun?: boolean;
}

const MAX_CONCURRENCY = 64;

const HELP = `
Without a file, JSON is read from standard input: an object of names and values (doppler), an
array of objects with key and value (infisical), or the answer of vault kv get.

Node itself opens what --env-file names, and ends with exit code 9 if it cannot; write -f for what can
be read only once, such as - or <(some command).

Everything is checked before the first secret is sent. It is safe to run again after any
interruption, since the same name and value is the same delivery.

In a PATTERN, * is any run of characters; put it in quotes. --rename 'OLD_*=NEW_*' changes the names
that fit OLD_*, where * on the right is what it was on the left; --rename 'NEW_*' is short for
'*=NEW_*'. Of several renamings the first that fits counts; --only looks at the old names.

Examples:
  convai-secrets push --env-file .env --only 'CRM_*' --dry-run
  doppler secrets download --no-file --format json | convai-secrets push --only 'CRM_*'
  infisical export --format=json | convai-secrets push --rename 'AGENT_*'
  vault kv get -format=json secret/agents | convai-secrets push --rename 'db_*=DB_*' --json`;

/** Adds `push`. */
export function addPush(program: Command, { interruption, finish }: Context): void {
  program
    .command("push")
    .summary("store many secrets, from a .env file or JSON")
    .description("Stores many secrets, from a .env file or from JSON on standard input.")
    .option("-f, --env-file <file>", "read a .env file; with -f, - is standard input")
    .option("--only <PATTERN>", "only names that fit; may be given several times", collect, [])
    .option(
      "--rename <PATTERN>",
      "store under other names; may be given several times",
      collect,
      [],
    )
    .option("--concurrency <count>", "deliveries at a time", "8")
    .option("--dry-run", "check everything and send nothing")
    .option(...CONFIG_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(async (options: PushOptions) => finish(await push(options, interruption)));
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function push(options: PushOptions, interruption: Interruption): Promise<Report> {
  const { envFile, only, dryRun = false, config } = options;
  const concurrency = parseCount("--concurrency", options.concurrency, MAX_CONCURRENCY);
  const renamings = options.rename.map(readRenaming);
  const connection = dryRun ? undefined : await readConnection(config, process.env);
  const secrets = await readSecrets({ envFile, only, renamings });
  if (connection === undefined) return describeDryRun(secrets);

  const progress = startProgress(secrets.length);
  interruption.attend(() => {
    progress.stop();
    process.stderr.write("Stopping. What is under way has 3 seconds; once more ends it at once.\n");
  });
  const pushed = await pushSecrets(secrets, {
    deliver: ({ name, value }: CheckedSecret) =>
      deliverSecret({
        ...connection,
        name,
        value,
        signal: interruption.ending,
        onRetry: () => progress.retry(),
      }),
    concurrency,
    stopping: interruption.stopping,
    onPushed: (one) => progress.advance(one),
  });
  progress.stop();
  return describePush(pushed, interruption.exitCode());
}

function readRenaming(text: string): Renaming {
  const renaming = parseRenaming(text);
  if (renaming !== undefined) return renaming;
  const message = "--rename must be OLD_*=NEW_* or NEW_*, with at most one * on a side";
  throw new CommandFailure("usage", EXIT.usage, message);
}
