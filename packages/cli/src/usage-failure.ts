import type { CommanderError } from "commander";
import { CommandFailure } from "./command-failure.ts";
import { EXIT } from "./exit-codes.ts";

/** Replace messages that repeat what was typed, which may be a value. */
const MESSAGES: Readonly<Record<string, string>> = {
  "commander.unknownOption":
    "Unknown option. A value or a credential is never accepted as an option",
  "commander.unknownCommand": "Unknown command",
  "commander.help": "A command is required",
};

/** Turns commander's error into a failure that repeats only names that this program declares. */
export function describeUsage({ code, message }: CommanderError): CommandFailure {
  const [suggestion] = /\(Did you mean [^)]*\)$/.exec(message) ?? [];
  const own = MESSAGES[code] ?? describeChoices(message) ?? message.replace(/^error: /, "");
  const parts = [own, suggestion, "See --help"].filter((part) => part !== undefined);
  return new CommandFailure("usage", EXIT.usage, parts.join(". "));
}

/** The message about an option with choices, without the argument that it quotes. */
function describeChoices(message: string): string | undefined {
  const [, option, choices] =
    /^error: option '([^']+)' argument '.*' is invalid\. (Allowed choices are .*)\.$/s.exec(
      message,
    ) ?? [];
  return option === undefined ? undefined : `${option} is invalid. ${choices}`;
}
