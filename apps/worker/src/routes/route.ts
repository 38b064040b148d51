import type { AuthenticatedRequest } from "../auth/authenticate-request.ts";
import type { Configuration } from "../configuration.ts";
import type { LogEntry } from "../log.ts";

/** An HTTP method that a route can have. A GET route also answers HEAD. */
type Method = "GET" | "POST" | "PATCH";

/** A method of a path. Each is one file in this folder and one entry in ROUTES. */
export type Route = PublicRoute | SenderRoute;

interface RouteAddress {
  /** The operation's id in the OpenAPI document. */
  readonly id: string;
  readonly method: Method;
  /** One of PATHS: a path, or a template with one parameter in braces. */
  readonly path: string;
  /** The detail of the 405 for other methods of this path. Default: a general one. */
  readonly otherMethods?: string;
}

/** A route that anyone may call. It writes no log line. */
export interface PublicRoute extends RouteAddress {
  readonly access: "public";
  readonly handle: (call: PublicCall) => Promise<Response>;
}

/**
 * A route that a sender calls. Each request writes one log line, except unauthenticated requests
 * that get 429 and requests to a Worker with an invalid configuration.
 */
export interface SenderRoute extends RouteAddress {
  readonly access: "sender";
  /** The field `event` of the log line. */
  readonly event: LogEntry["event"];
  readonly handle: (call: SenderCall) => Promise<Response>;
}

/** What a public route gets. */
export interface PublicCall {
  readonly request: Request;
  readonly env: Env;
}

/** What a sender's route gets: the request is authenticated, and its body is not read yet. */
export interface SenderCall {
  readonly request: Request;
  readonly env: Env;
  /** The value of the path's parameter, decoded; empty if the path has no parameter. */
  readonly parameter: string;
  readonly configuration: Configuration;
  readonly authenticated: AuthenticatedRequest;
  /** The request's log line, which each step completes. */
  readonly entry: LogEntry;
}
