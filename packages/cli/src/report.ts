import type { ExitCode } from "./exit-codes.ts";

/** The result of a command, for people and for programs. */
export interface Report {
  /** Standard output with `--json`. */
  readonly document: unknown;
  /** Standard output without `--json`; empty for no output. */
  readonly text: string;
  /** Lines for standard error. */
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
}
