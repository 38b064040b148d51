import { loadConfiguration } from "./configuration.ts";
import type { Handler } from "./context.ts";
import { createSecret } from "./create-secret.ts";
import { healthz, misconfigured } from "./healthz.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { type LogEntry, log, logMisconfigured, logUnexpected } from "./log.ts";
import { openapi } from "./openapi.ts";
import { Problem } from "./problem.ts";
import { findRoute } from "./routes.ts";

/** Answers every request: finds its route, runs it, turns a problem into its document. */
export async function handle(request: Request, env: Env): Promise<Response> {
  const requestId = crypto.randomUUID();
  const response = await answer(request, env, requestId).catch((error: unknown) =>
    toProblem(error, requestId).toResponse(requestId),
  );
  response.headers.set("cache-control", "no-store");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-request-id", requestId);
  return response;
}

async function answer(request: Request, env: Env, requestId: string): Promise<Response> {
  switch (findRoute(request)) {
    case "healthz":
      return healthz(await loadConfiguration(env));
    case "openapi":
      return openapi();
    case "createSecret":
      return runLogged(createSecret, request, env, startEntry("delivery", requestId, env));
    case "listDeliveries":
      return runLogged(listDeliveries, request, env, startEntry("deliveries", requestId, env));
  }
}

/** Outside Cloudflare there is no version. */
function startEntry(event: LogEntry["event"], requestId: string, env: Partial<Env>): LogEntry {
  return { event, request_id: requestId, version: env.VERSION?.id };
}

/** Runs a sender's request and writes its log line, however it ends. */
async function runLogged(
  handler: Handler,
  request: Request,
  env: Env,
  entry: LogEntry,
): Promise<Response> {
  const start = Date.now();
  try {
    const { configuration, issues } = await loadConfiguration(env);
    if (issues !== undefined) {
      logMisconfigured(entry.request_id, issues);
      throw misconfigured({ outcome: "not_created", retryable: true });
    }
    const response = await handler(request, { env, configuration, entry });
    entry.status = response.status;
    return response;
  } catch (error) {
    const problem = toProblem(error, entry.request_id);
    entry.outcome = problem.code;
    entry.status = problem.status;
    entry.upstream_status = problem.extras.upstreamStatus;
    entry.upstream_request_id = problem.extras.upstreamRequestId;
    throw problem;
  } finally {
    entry.milliseconds = Date.now() - start;
    log(entry);
  }
}

/** A fault of this program leaves the outcome unknown: asking again with the same id is safe. */
function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  logUnexpected(requestId, error);
  return new Problem("outcome_unsettled", "The Worker failed; ask again with the same id", {
    outcome: "unknown",
    retryable: true,
    retryAfterSeconds: 5,
  });
}
