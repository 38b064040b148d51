import { type CreateSecretRequest, createSecret, SecretsApiError } from "@convai-secrets/core";
import type { Configuration } from "./configuration.js";
import type { Delivered } from "./delivered.js";

/** Well inside the 15 seconds after which the first webhook senders hang up. */
const UPSTREAM_TIMEOUT_MS = 8_000;

/** Forwards one secret with the bound key. */
export async function deliver(
  secret: CreateSecretRequest,
  configuration: Configuration,
): Promise<Delivered> {
  try {
    const stored = await createSecret(secret, {
      apiKey: configuration.apiKey,
      baseUrl: configuration.baseUrl,
      timeoutMs: UPSTREAM_TIMEOUT_MS,
    });
    return { kind: "stored", secret: stored, replayed: false };
  } catch (error) {
    if (!(error instanceof SecretsApiError)) throw error;
    return { kind: "failed", failure: describeFailure(error) };
  }
}

function describeFailure({
  code,
  outcome,
  status,
  retryAfterMs,
  requestId,
  issues,
}: SecretsApiError) {
  return { code, outcome, status, retryAfterMs, requestId, issues };
}
