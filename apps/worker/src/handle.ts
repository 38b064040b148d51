import { HEADERS } from "@convai-secrets/protocol";
import { authenticateRequest } from "./auth/authenticate-request.ts";
import { type Configuration, loadConfiguration } from "./configuration.ts";
import { openLedger } from "./ledger/ledger-client.ts";
import { type LogEntry, log, logMisconfigured, logUnexpected } from "./log.ts";
import { handleOperator, isOperatorPath } from "./operator/index.ts";
import { Problem } from "./problem.ts";
import { findRoute } from "./routes/find-route.ts";
import { healthzRoute } from "./routes/healthz.ts";

/**
 * Answers a request: route → authenticate → parse → ledger → respond. An invalid configuration
 * rejects every request before that, whatever its path and method.
 *
 * Every step can throw a Problem, which becomes the answer.
 */
export async function handle(request: Request, env: Env): Promise<Response> {
  const requestId = crypto.randomUUID();
  const response = await answer(request, env, requestId).catch((error: unknown) =>
    toProblem(error, requestId).toResponse(requestId),
  );
  response.headers.set("cache-control", "no-store");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set(HEADERS.requestId, requestId);
  return response;
}

async function answer(request: Request, env: Env, requestId: string): Promise<Response> {
  // A caller's Host header becomes part of the URL and may be unparsable.
  const path = URL.parse(request.url)?.pathname ?? "";
  if (isHealthCheck(request.method, path)) return healthzRoute.handle({ request, env });
  const start = Date.now();
  const configuration = await requireConfiguration(env);
  if (isOperatorPath(path)) {
    return handleOperator(request, { requestId, configuration, openLedger: () => openLedger(env) });
  }
  const { route, parameter } = findRoute(request.method, path);
  if (route.access === "public") return route.handle({ request, env });
  const entry: LogEntry = {
    event: route.event,
    request_id: requestId,
    // Only Cloudflare provides the version.
    version: (env as Partial<Env>).VERSION?.id,
  };
  return writeLogLine(entry, start, async () => {
    const authenticated = await authenticateRequest(request, { env, configuration, entry });
    return route.handle({ request, env, parameter, configuration, authenticated, entry });
  });
}

/** The only request that an invalid configuration does not reject: its answer names the rules. */
function isHealthCheck(method: string, path: string): boolean {
  return path === healthzRoute.path && (method === "GET" || method === "HEAD");
}

async function requireConfiguration(env: Env): Promise<Configuration> {
  const { configuration, issues } = await loadConfiguration(env);
  if (configuration !== undefined) return configuration;
  logMisconfigured(issues, Date.now());
  // Only the log and /healthz say which rule.
  throw new Problem("misconfigured", "The Worker's configuration is invalid");
}

/**
 * Runs a sender's request and writes its log line, whatever the outcome.
 *
 * @param start when the request arrived, in milliseconds since the epoch
 */
async function writeLogLine(
  entry: LogEntry,
  start: number,
  run: () => Promise<Response>,
): Promise<Response> {
  try {
    const response = await run();
    entry.status = response.status;
    return response;
  } catch (error) {
    const problem = toProblem(error, entry.request_id);
    entry.outcome = problem.code;
    entry.status = problem.status;
    entry.upstream_status = problem.details.upstreamStatus;
    entry.upstream_code = problem.details.upstreamCode;
    entry.upstream_request_id = problem.details.upstreamRequestId;
    throw problem;
  } finally {
    entry.milliseconds = Date.now() - start;
    if (isWorthALine(entry)) log(entry);
  }
}

/**
 * Unauthenticated requests can be sent in any number. Those that the limit of their address rejects
 * write no line.
 */
function isWorthALine({ sender, outcome }: LogEntry): boolean {
  return sender !== undefined || outcome !== "rate_limited";
}

/** A fault of this program leaves the outcome unknown. A retry with the same id is safe. */
function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  logUnexpected(requestId, error);
  return new Problem("internal_error", "The Worker failed; retry with the same delivery id", {
    retryAfterSeconds: 5,
  });
}
