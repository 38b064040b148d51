import type { LoadedConfiguration } from "./configuration.ts";
import { Problem, type ProblemExtras } from "./problem.ts";

/**
 * `GET /healthz`: whether the configuration is complete and valid. Calls nobody.
 *
 * @throws {Problem} `misconfigured`, naming what is missing or wrong, never a value
 */
export function healthz({ issues }: LoadedConfiguration): Response {
  if (issues !== undefined) throw misconfigured({ issues });
  return Response.json({ status: "ok" });
}

/** The one answer of a Worker whose configuration breaks a rule; callers are not told which. */
export function misconfigured(extras: ProblemExtras): Problem {
  return new Problem("misconfigured", "The Worker's configuration breaks a rule", extras);
}
