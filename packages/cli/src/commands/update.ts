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

The Worker must manage the secret under exactly this name, and the sender's policy must be update or
adopt. create with such a policy needs no SECRET_ID.

Examples:
  pass show crm | convai-secrets update sec_0123 CRM_TOKEN
  convai-secrets update sec_0123 CRM_TOKEN --from-env CRM_TOKEN --json`;

/** Adds `update`. */
export function addUpdate(program: Command, { interruption, finish }: Context): void {
  const command = program
    .command("update")
    .summary("replace the value of one secret")
    .description("Replaces the value of the secret with this id, which keeps its id and name.")
    .argument("<SECRET_ID>", "the id of the secret; convai-secrets deliveries lists it")
    .argument("<NAME>", "the name of the secret");
  addValueOptions(command)
    .option(...SETTINGS_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (secretId: string, name: string, options: StoreOneOptions, { args }: Command) => {
      rejectValue([secretId, name], args, options);
      finish(await storeOne(name, secretId, options, interruption));
    });
}
