import { deliverSecret, dryRunDelivery } from "@convai-secrets/client";
import { type Command, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { type Connection, readConnection } from "../connection/read-connection.ts";
import { type CallOptions, type Context, SETTINGS_OPTION } from "../context.ts";
import { DIALECTS, type Dialect } from "../env-file/dialects.ts";
import { EXIT } from "../exit-codes.ts";
import { FORMATS, type Format } from "../formats/read-input.ts";
import type { Interruption } from "../interruption.ts";
import { describeRetry } from "../output/describe-retry.ts";
import { parseCount } from "../parse-count.ts";
import type { CheckedSecret } from "../push/check-secrets.ts";
import { describePush } from "../push/describe-push.ts";
import { type Progress, startProgress } from "../push/progress.ts";
import { pushSecrets, type Success } from "../push/push-secrets.ts";
import { readSecrets } from "../push/read-secrets.ts";
import { parseRenaming, type Renaming } from "../push/rename.ts";
import type { Report } from "../report.ts";

interface PushOptions extends CallOptions {
  readonly format?: Format;
  readonly dialect?: Dialect;
  readonly only: readonly string[];
  readonly rename: readonly string[];
  readonly skipEmpty?: boolean;
  readonly concurrency: string;
  readonly dryRun?: boolean;
}

const MAX_CONCURRENCY = 64;

const HELP = `
Formats: env (also by the file names .env, .env.* and *.env), json (an object of names and values, as
of Doppler), infisical, vault, kubernetes. Without --format, JSON must match one of the JSON formats
as a whole. Duplicate keys are rejected.

.env files: dotenv, docker run --env-file and shells read quotes, spaces, #, $ and \\ differently. A
line that they read differently is rejected, unless --dialect names the program that the file is for.
For Doppler and Infisical, export JSON.

Everything that --only selects is checked before the first secret is sent. Running the same
command again is safe: the same name and value is the same delivery.

In a PATTERN, * matches any characters; quote it. --rename 'OLD_*=NEW_*' changes the names that match
OLD_*; 'NEW_*' is short for '*=NEW_*'. The first renaming that matches counts. --only matches the old
names.

Examples:
  convai-secrets push .env --only 'CRM_*' --dry-run
  convai-secrets push .env --dialect dotenv --skip-empty
  doppler secrets download --no-file --format json | convai-secrets push - --only 'CRM_*'
  infisical export --format=json | convai-secrets push - --rename 'AGENT_*'
  vault kv get -format=json secret/agents | convai-secrets push - --rename 'db_*=DB_*' --json
  kubectl get secret agents -o json | convai-secrets push -`;

/** Adds `push`. */
export function addPush(program: Command, { interruption, finish }: Context): void {
  program
    .command("push")
    .summary("store many secrets from a file or standard input")
    .description("Stores many secrets from a .env file or a JSON document.")
    .argument("<FILE>", "the file; - is standard input")
    .addOption(
      new Option("--format <format>", "the format, if the file name does not determine it").choices(
        FORMATS,
      ),
    )
    .addOption(
      new Option("--dialect <dialect>", "the program that the .env file is for").choices(DIALECTS),
    )
    .option("--only <PATTERN>", "only names that match; repeatable", collect, [])
    .option("--rename <PATTERN>", "store under other names; repeatable", collect, [])
    .option("--skip-empty", "leave out secrets with an empty value")
    .option("--concurrency <count>", "deliveries in flight", "8")
    .option("--dry-run", "ask the Worker what would happen, and store nothing")
    .option(...SETTINGS_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(async (file: string, options: PushOptions) =>
      finish(await push(file, options, interruption)),
    );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function push(
  file: string,
  options: PushOptions,
  interruption: Interruption,
): Promise<Report> {
  const { format, dialect, only, skipEmpty = false, dryRun = false, settings } = options;
  const concurrency = parseCount("--concurrency", options.concurrency, MAX_CONCURRENCY);
  const renamings = options.rename.map(readRenaming);
  const { connection } = await readConnection(settings, process.env);
  const input = { file, format, dialect };
  const { secrets, skipped } = await readSecrets({ input, only, renamings, skipEmpty });

  const progress = startProgress(secrets.length);
  interruption.attend(() => {
    progress.stop();
    process.stderr.write("Stopping. Deliveries in flight have 3 s; press Ctrl-C again to abort.\n");
  });
  const deliver = createDeliver(connection, dryRun, interruption.ending, progress);
  const pushed = await pushSecrets(secrets, {
    deliver,
    concurrency,
    stopping: interruption.stopping,
    onPushed: (one) => progress.advance(one),
  });
  progress.stop();
  const interruptedWith = interruption.exitCode();
  return describePush(pushed, { url: connection.url, dryRun, skipped, interruptedWith });
}

function createDeliver(
  connection: Connection,
  dryRun: boolean,
  signal: AbortSignal,
  progress: Progress,
) {
  return async ({ name, value }: CheckedSecret): Promise<Success> => {
    const onRetry = (retry: Parameters<typeof describeRetry>[1]) =>
      progress.retry(describeRetry(name, retry));
    const options = { ...connection, name, value, signal, onRetry };
    if (dryRun) {
      const { would, secret_id } = await dryRunDelivery(options);
      return { effect: `would_${would}`, secretId: secret_id };
    }
    const { result = "stored", secret_id } = await deliverSecret(options);
    return { effect: result, secretId: secret_id };
  };
}

function readRenaming(text: string): Renaming {
  const renaming = parseRenaming(text);
  if (renaming !== undefined) return renaming;
  const message = "--rename must be OLD_*=NEW_* or NEW_*, with at most one * on each side";
  throw new CommandFailure("usage", EXIT.usage, message);
}
