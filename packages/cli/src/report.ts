import type { ExitCode } from "./exit-codes.ts";

/** What a command has to say, for both readers of it. */
export interface Report {
  /** Standard output with --json. */
  readonly document: unknown;
  /** Standard output without. Empty for nothing. */
  readonly text: string;
  /** Standard error, line by line. */
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
}
