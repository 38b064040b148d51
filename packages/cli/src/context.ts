import type { Interruption } from "./interruption.ts";
import type { Report } from "./report.ts";

/** What a command gets from the program it is part of. */
export interface Context {
  readonly interruption: Interruption;
  /** Takes what the command has to say at its end. */
  readonly finish: (report: Report) => void;
}

/** The options of every command that calls the Worker. */
export interface CallOptions {
  readonly config?: string;
}

export const CONFIG_OPTION = [
  "--config <file>",
  "JSON with url and key, mode 0600; instead of the environment variables",
] as const;
