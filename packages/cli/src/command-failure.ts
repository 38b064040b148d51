import type { Issue } from "@convai-secrets/core/internal";
import type { ExitCode } from "./exit-codes.ts";

/** The reasons for a failure before any request, for programs. */
export type CommandFailureCode =
  | "usage"
  | "value_on_command_line"
  | "configuration"
  | "unreadable_input"
  | "invalid_input"
  | "unwritable_output"
  | "interrupted";

/**
 * Why a command cannot continue. Its message and issues name arguments, fields, lines and rules, and
 * never quote the input.
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
