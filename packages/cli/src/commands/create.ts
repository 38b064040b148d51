import {
  checkId,
  type DeliveredSecret,
  DeliveryError,
  deliverSecret,
  writeBody,
} from "@convai-secrets/client";
import type { Command } from "commander";
import { Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { type CallOptions, CONFIG_OPTION, type Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { readValue, type ValueSource } from "../input/read-value.ts";
import type { Interruption } from "../interruption.ts";
import { reportFailure } from "../output/describe-failure.ts";
import { printable } from "../output/printable.ts";
import { readConnection } from "../read-connection.ts";
import type { Report } from "../report.ts";

interface CreateOptions extends CallOptions, ValueSource {
  readonly id?: string;
  readonly value?: unknown;
}

const EXAMPLES = `
The value comes from standard input, or is asked for on a terminal, without being shown. One line
break at the end of standard input or a file is left out.

Examples:
  convai-secrets create CRM_TOKEN                          asks for the value
  pass show crm | convai-secrets create CRM_TOKEN
  convai-secrets create TLS_KEY --from-file key.pem --keep-newline
  convai-secrets create CRM_TOKEN --from-env CRM_TOKEN --json`;

/** Adds `create`. */
export function addCreate(program: Command, { interruption, finish }: Context): void {
  program
    .command("create")
    .summary("store one secret")
    .description("Stores one secret. The same name and value again is the same delivery.")
    .argument("<NAME>", "the name of the secret")
    .addOption(new Option("--from-file <file>", "read the value from a file").conflicts("fromEnv"))
    .option("--from-env <variable>", "take the value of an environment variable")
    .option("--keep-newline", "keep the line break at the end of a file or of standard input")
    .option("--id <id>", "the delivery's id, to store the same content a second time")
    .addOption(new Option("--value [value]").hideHelp())
    .option(...CONFIG_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    // What is too much would be the value.
    .allowExcessArguments()
    .action(async (name: string, options: CreateOptions, { args }: Command) => {
      if (args.length > 1 || name.includes("=") || options.value !== undefined) throw refuseValue();
      finish(await create(name, options, interruption));
    });
}

function refuseValue(): CommandFailure {
  return new CommandFailure(
    "value_on_command_line",
    EXIT.usage,
    "A value on the command line is refused: every user of the machine can see it in ps, and the " +
      "shell keeps it in its history. Give it by standard input, --from-file, --from-env or at the " +
      "prompt. If what you gave is in use, replace it. (A NAME holds no =.)",
  );
}

async function create(
  name: string,
  { config, id, ...source }: CreateOptions,
  interruption: Interruption,
): Promise<Report> {
  const connection = await readConnection(config, process.env);
  checkId(id);
  const value = await readValue(name, source);
  writeBody(name, value);
  interruption.attend(() => {});
  try {
    return describe(
      await deliverSecret({ ...connection, name, value, id, signal: interruption.ending }),
    );
  } catch (error) {
    const exitCode = interruption.exitCode();
    if (exitCode === undefined || !(error instanceof DeliveryError)) throw error;
    return { ...reportFailure(error), notes: [describeAborted(error)], exitCode };
  }
}

function describe({ name, secret_id, id, replayed, attempts }: DeliveredSecret): Report {
  const how = replayed ? "was stored already" : "is stored";
  return {
    document: { type: "stored", secret_id, name, id, replayed, attempts },
    text: `${printable(name)} ${how}: ${printable(secret_id)}`,
    notes: [],
    exitCode: EXIT.done,
  };
}

function describeAborted({ outcome }: DeliveryError): string {
  if (outcome === "not_created") return "Interrupted: nothing was stored.";
  return "Interrupted: the secret may be stored. Run the same command again: it is not stored twice.";
}
