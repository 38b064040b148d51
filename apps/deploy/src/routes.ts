import { DeployError } from "./deploy-error.ts";

/**
 * Checks that each route covers a whole host. The Worker answers under the paths of its API, so
 * `example.com/hooks/*` would give a 404 for every request.
 *
 * @throws {DeployError} that names the route
 */
export function checkRoutes(routes: readonly string[]): void {
  for (const route of routes) {
    const path = route.replace(/^https?:\/\//, "").replace(/^[^/]*/, "");
    if (path !== "" && path !== "/" && path !== "/*")
      throw new DeployError(
        `The route ${JSON.stringify(route)} has a path. A route must cover a whole host, such as "secrets.example.com/*" or a custom domain: the Worker answers at /v1 and /healthz of its host.`,
      );
  }
}

/** The origins of the addresses that wrangler reports, except patterns with `*` in their host. */
export function listOrigins(targets: readonly string[]): string[] {
  const origins = targets
    .map((target) => target.replace(/ \(.*\)$/, ""))
    .map((target) => (target.includes("://") ? target : `https://${target}`))
    .filter((target) => URL.canParse(target))
    .map((target) => new URL(target))
    .filter(({ hostname, protocol }) => !hostname.includes("*") && protocol.startsWith("http"))
    .map(({ origin }) => origin);
  return [...new Set(origins)];
}

/**
 * Reads the address of a Worker.
 *
 * @throws {DeployError} without the text, which can be a secret in the wrong place
 */
export function parseOrigin(url: string): string {
  const parsed = URL.parse(url);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed?.hostname ?? "");
  if (parsed === null || (parsed.protocol !== "https:" && !isLoopback))
    throw new DeployError("--url must be an https URL.");
  return parsed.origin;
}
