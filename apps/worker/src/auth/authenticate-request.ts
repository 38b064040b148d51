import type { AuthenticationMethod } from "@convai-secrets/protocol";
import type { Configuration } from "../configuration.ts";
import type { LogEntry } from "../log.ts";
import { Problem } from "../problem.ts";
import { readRequestBody } from "../request/read-request-body.ts";
import { authenticate } from "./authenticate.ts";
import type { Authenticated } from "./authenticator.ts";
import { guardAddress } from "./guard-address.ts";
import { limitSenderRate } from "./limit-sender-rate.ts";

/** An authenticated request: who sent it, how that is known, and its body. */
export interface AuthenticatedRequest extends Authenticated {
  readonly method: AuthenticationMethod;
  /** The raw body. It is read at most once, and not before it is needed. */
  readonly readBody: () => Promise<Uint8Array>;
}

/** What a request is authenticated with. */
export interface AuthenticationContext {
  readonly env: Env;
  readonly configuration: Configuration;
  /** The request's log line: the sender is added as soon as it is known. */
  readonly entry: LogEntry;
}

/**
 * Authenticates a request and counts it against the rate limit of its sender.
 *
 * @throws {Problem} `unauthenticated`, `stale_timestamp`, `rate_limited`, or what reading the body
 * throws
 */
export async function authenticateRequest(
  request: Request,
  { env, configuration, entry }: AuthenticationContext,
): Promise<AuthenticatedRequest> {
  const { headers } = request;
  const { senders, oidc } = configuration;
  const now = Date.now();
  const guard = guardAddress(headers, now);
  const readBody = once(() => readRequestBody(request));
  const readUnauthenticatedBody = async () => {
    guard.checkBeforeBody();
    return await readBody();
  };
  const log = (fields: Partial<LogEntry>) => Object.assign(entry, fields);
  const input = { headers, senders, oidc, now, log, readBody: readUnauthenticatedBody };
  const check = async () => {
    rejectUnexpectedBody(request);
    return await authenticate(input);
  };
  const authenticated = await check().catch((error: unknown) => {
    throw guard.countFailure(error);
  });
  const { sender, method } = authenticated;
  log({ sender: sender.id, authenticated_by: method });
  await limitSenderRate(env.RATE_LIMITER, sender.id);
  return { ...authenticated, readBody };
}

/**
 * Rejects a GET request with a body. A signature covers the body: a captured POST must not become a
 * valid GET by another method line.
 *
 * @throws {Problem} `malformed_body`
 */
function rejectUnexpectedBody(request: Request): void {
  if (request.method !== "GET" && request.method !== "HEAD") return;
  if (request.body === null || request.headers.get("content-length") === "0") return;
  throw new Problem("malformed_body", "A GET request must not have a body");
}

function once<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}
