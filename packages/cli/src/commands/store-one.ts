import {
  type DeliveredSecret,
  DeliveryError,
  deliverSecret,
  validateDelivery,
} from "@convai-secrets/client";
import { type Command, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { readConnection } from "../connection/read-connection.ts";
import type { CallOptions } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { readValue, type ValueSource } from "../input/read-value.ts";
import type { Interruption } from "../interruption.ts";
import { reportDeliveryError } from "../output/describe-failure.ts";
import { describeRetry } from "../output/describe-retry.ts";
import { printable } from "../output/printable.ts";
import type { Report } from "../report.ts";

/** The options of the commands that store one secret. */
export interface StoreOneOptions extends CallOptions, ValueSource {
  readonly id?: string;
  readonly value?: unknown;
}

/** Where the value comes from, for `--help`. */
export const VALUE_HELP = `
The value comes from standard input. On a terminal, the command asks for it and does not show it.
Every input is UTF-8 without NUL; a byte order mark at its start, and one line break at its end, are
removed.`;

/** Adds the options that name the source of a value. */
export function addValueOptions(command: Command): Command {
  return (
    command
      .addOption(
        new Option("--from-file <file>", "read the value from a file").conflicts("fromEnv"),
      )
      .option("--from-env <variable>", "read the value from an environment variable")
      .option("--keep-newline", "keep the line break at the end of the input")
      .option("--id <id>", "the delivery's id, to store the same content a second time")
      .addOption(new Option("--value [value]").hideHelp())
      // An argument too many may be the value.
      .allowExcessArguments()
  );
}

/** @throws {CommandFailure} if the command line has a value */
export function rejectValue(
  names: readonly string[],
  args: readonly string[],
  { value }: StoreOneOptions,
): void {
  const isClean =
    args.length === names.length && names.every((one) => !one.includes("=")) && value === undefined;
  if (isClean) return;
  throw new CommandFailure(
    "value_on_command_line",
    EXIT.usage,
    "A value on the command line is rejected: other users can see it in ps, and the shell keeps it " +
      "in its history. Use standard input, --from-file, --from-env or the prompt. If the value is in " +
      "use, replace it. (A NAME contains no =.)",
  );
}

/** Stores one secret, or updates the secret with the given id. */
export async function storeOne(
  name: string,
  secretId: string | undefined,
  { settings, id, ...source }: StoreOneOptions,
  interruption: Interruption,
): Promise<Report> {
  const { connection } = await readConnection(settings, process.env);
  const delivery = { name, secretId, id };
  // The prompt should not ask for a value that cannot be stored. No name and no id is a space.
  check({ ...delivery, value: " " });
  const value = await readValue(name, source);
  check({ ...delivery, value });
  interruption.attend(() => {});
  const onRetry = (retry: Parameters<typeof describeRetry>[1]) =>
    void process.stderr.write(`${describeRetry(name, retry)}\n`);
  try {
    const signal = interruption.ending;
    return describe(await deliverSecret({ ...connection, ...delivery, value, signal, onRetry }));
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const report = reportDeliveryError(error, connection.url);
    const exitCode = interruption.exitCode();
    if (exitCode !== undefined) {
      return { ...report, notes: [`Interrupted. ${describeOutcome(error)}`], exitCode };
    }
    return { ...report, notes: [...report.notes, describeOutcome(error)] };
  }
}

function check(delivery: Parameters<typeof validateDelivery>[0]): void {
  const issues = validateDelivery(delivery).map(({ path, message }) => ({
    path: path || "request",
    rule: message,
  }));
  if (issues.length === 0) return;
  const message = "Nothing was sent: the input breaks a rule";
  throw new CommandFailure("invalid_input", EXIT.invalid, message, issues);
}

function describe(delivered: DeliveredSecret): Report {
  const { name, secret_id, id, result, attempts } = delivered;
  const how = result === "replayed" ? "was already stored" : (result ?? "stored");
  return {
    document: { type: "stored", secret_id, name, result, id, attempts },
    text: `${printable(name)} ${how}: ${secret_id}`,
    notes: [],
    exitCode: EXIT.done,
  };
}

function describeOutcome({ outcome, code }: DeliveryError): string {
  if (outcome === "not_applied") return "Nothing was stored.";
  if (code === "outcome_unknown") return "The secret may be stored.";
  return "The secret may be stored. Run the same command again: it is not stored twice.";
}
