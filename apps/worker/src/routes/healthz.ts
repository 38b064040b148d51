import { PATHS } from "@convai-secrets/protocol";
import { loadConfiguration } from "../configuration.ts";
import { Problem } from "../problem.ts";
import type { PublicCall, PublicRoute } from "./route.ts";

/** `GET /healthz`: whether the configuration is complete and valid. It sends no request. */
export const healthzRoute: PublicRoute = {
  id: "healthz",
  method: "GET",
  path: PATHS.healthz,
  access: "public",
  handle: healthz,
};

async function healthz({ env }: PublicCall): Promise<Response> {
  const { issues } = await loadConfiguration(env);
  if (issues === undefined) return Response.json({ status: "ok" });
  throw new Problem("misconfigured", "The Worker's configuration breaks the rules in errors", {
    issues,
  });
}
