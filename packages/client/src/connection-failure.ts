import { classifyConnectionFailure } from "@convai-secrets/core/internal";
import type { ClientFailureCode } from "./client-failures.ts";

/**
 * Classifies what `fetch` throws. Nothing of the error is kept: it may contain the request.
 *
 * @returns `connection_lost` if the request may have been sent
 */
export function classifyFetchFailure(error: unknown): ClientFailureCode {
  if (isBlockedPort(error)) return "network_unreachable";
  return classifyConnectionFailure(error) ?? "connection_lost";
}

/**
 * Node.js reports a blocked port by this text alone.
 *
 * @see https://fetch.spec.whatwg.org/#port-blocking
 */
function isBlockedPort(error: unknown): boolean {
  return error instanceof Error && (error.cause as Error | undefined)?.message === "bad port";
}
