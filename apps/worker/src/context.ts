import type { Configuration } from "./configuration.ts";
import type { LogEntry } from "./log.ts";

/** What a sender's request is handled with. */
export interface Context {
  readonly env: Env;
  readonly configuration: Configuration;
  /** The request's log line, filled in as the flow goes. */
  readonly entry: LogEntry;
}

/** Answers a sender's request, or throws a Problem. */
export type Handler = (request: Request, context: Context) => Promise<Response>;
