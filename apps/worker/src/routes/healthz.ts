import type { Issue } from "@convai-secrets/core/internal";
import { HEADERS, PATHS } from "@convai-secrets/protocol";
import { type Configuration, loadConfiguration } from "../configuration.ts";
import { Problem } from "../problem.ts";
import type { PublicCall, PublicRoute } from "./route.ts";

/** `GET /healthz`: whether the configuration is complete and valid. It sends no request upstream. */
export const healthzRoute: PublicRoute = {
  id: "healthz",
  method: "GET",
  path: PATHS.healthz,
  access: "public",
  handle: healthz,
};

async function healthz({ env }: PublicCall): Promise<Response> {
  const loaded = await loadConfiguration(env);
  const issues = loaded.issues ?? (await checkApiKey(loaded.configuration));
  // Only Cloudflare provides the version. A deployment waits until the new one answers.
  const version = (env as Partial<Env>).VERSION?.id;
  const headers = version === undefined ? {} : { [HEADERS.version]: version };
  if (issues.length === 0) return Response.json({ status: "ok" }, { headers });
  throw new Problem(
    "misconfigured",
    "The Worker's configuration breaks the rules listed in errors",
    {
      issues,
      headers,
    },
  );
}

/** The API key is read for each delivery, so its absence from a store shows only here before. */
async function checkApiKey(configuration: Configuration): Promise<readonly Issue[]> {
  try {
    await configuration.apiKey();
    return [];
  } catch {
    return [{ path: "ELEVENLABS_API_KEY", rule: "cannot be read from the Secrets Store" }];
  }
}
