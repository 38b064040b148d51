import type { DeliveryErrorCode } from "@convai-secrets/client";

const CONNECTION_FAILURES: ReadonlySet<DeliveryErrorCode> = new Set([
  "host_not_found",
  "connection_refused",
  "network_unreachable",
  "tls_failed",
  "connection_lost",
  "timed_out",
]);

/**
 * Explains a proxy that is configured and not used. Node.js uses `HTTPS_PROXY` only on request.
 *
 * @see https://nodejs.org/api/cli.html#node_use_env_proxy1
 */
export function describeProxy(code: DeliveryErrorCode, env: NodeJS.ProcessEnv): string[] {
  const proxy = env["HTTPS_PROXY"] || env["https_proxy"];
  if (!CONNECTION_FAILURES.has(code) || !proxy || env["NODE_USE_ENV_PROXY"] === "1") return [];
  return [
    "HTTPS_PROXY is set but not used: set NODE_USE_ENV_PROXY=1 too (Node.js 22.21, 24 or newer).",
  ];
}
