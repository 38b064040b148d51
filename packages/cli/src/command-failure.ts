import type { Issue } from "@convai-secrets/core";
import type { ExitCode } from "./exit-codes.ts";

/** Where this ends besides its message: for programs. */
export type CommandFailureCode =
  | "usage"
  | "value_on_command_line"
  | "configuration"
  | "unreadable_input"
  | "invalid_input"
  | "interrupted";

/**
 * Why a command cannot go on. Its message and issues name arguments, fields, lines and rules, never
 * a piece of what was given.
 */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly code: CommandFailureCode;
  readonly exitCode: ExitCode;
  readonly issues: readonly Issue[];

  constructor(
    code: CommandFailureCode,
    exitCode: ExitCode,
    message: string,
    issues: readonly Issue[] = [],
  ) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.issues = issues;
  }
}
