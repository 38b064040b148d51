import type { Command } from "commander";
import { type Context, SETTINGS_OPTION } from "../context.ts";
import {
  addValueOptions,
  rejectValue,
  type StoreOneOptions,
  storeOne,
  VALUE_HELP,
} from "./store-one.ts";

const EXAMPLES = `${VALUE_HELP}

Whether an existing name is updated depends on the sender's policy; see convai-secrets doctor.

Examples:
  convai-secrets create CRM_TOKEN                          asks for the value
  pass show crm | convai-secrets create CRM_TOKEN
  convai-secrets create TLS_KEY --from-file key.pem --keep-newline
  convai-secrets create CRM_TOKEN --from-env CRM_TOKEN --json`;

/** Adds `create`. */
export function addCreate(program: Command, { interruption, finish }: Context): void {
  const command = program
    .command("create")
    .summary("store one secret")
    .description("Stores one secret. The same name and value again is the same delivery.")
    .argument("<NAME>", "the name of the secret");
  addValueOptions(command)
    .option(...SETTINGS_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, options: StoreOneOptions, { args }: Command) => {
      rejectValue([name], args, options);
      finish(await storeOne(name, undefined, options, interruption));
    });
}
