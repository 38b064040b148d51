import type { Interruption } from "./interruption.ts";
import type { Report } from "./report.ts";

/** What the program passes to its commands. */
export interface Context {
  readonly interruption: Interruption;
  /** Receives the result of a command. */
  readonly finish: (report: Report) => void;
}

/** The options of every command that calls the Worker. */
export interface CallOptions {
  readonly settings?: string;
}

export const SETTINGS_OPTION = [
  "--settings <file>",
  "read the address and the credential from this JSON file (mode 0600)",
] as const;
