import type { CommanderError } from "commander";
import { CommandFailure } from "./command-failure.ts";
import { EXIT } from "./exit-codes.ts";

/** Instead of messages that repeat what was typed, which may be a value, or say nothing. */
const MESSAGES: Readonly<Record<string, string>> = {
  "commander.unknownOption":
    "There is an option that is not known; a value or a credential is never taken as an option",
  "commander.unknownCommand": "There is no such command",
  "commander.help": "No command was given",
};

/** Turns what commander complains of into a failure that repeats nothing but names it declares. */
export function describeUsage({ code, message }: CommanderError): CommandFailure {
  const [suggestion] = /\(Did you mean [^)]*\)$/.exec(message) ?? [];
  const own = MESSAGES[code] ?? message.replace(/^error: /, "");
  const parts = [own, suggestion, "See --help"].filter((part) => part !== undefined);
  return new CommandFailure("usage", EXIT.usage, parts.join(". "));
}
