import {
  type CreateSecretRequest,
  createSecret,
  listSecrets,
  SecretsApiError,
} from "@convai-secrets/core";
import type { UpstreamFailure } from "../delivered.ts";
import type { DeliveryEvent } from "./delivery.ts";

/** Where upstream is and with which key it is called. */
export interface Upstream {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** With the key, a listing before and one after, 14 seconds: webhook senders hang up after 15 to 30. */
const CREATE_TIMEOUT_MS = 8_000;
const LIST_TIMEOUT_MS = 2_500;

/** A handful of secrets has one name, but its search finds all whose names begin with it. */
const MAX_LISTED = 1_000;

/** Makes the one call that may create the secret. */
export async function postSecret(
  secret: CreateSecretRequest,
  upstream: Upstream,
): Promise<DeliveryEvent> {
  try {
    const options = { ...upstream, timeoutMs: CREATE_TIMEOUT_MS };
    return { type: "answered", secret: await createSecret(secret, options) };
  } catch (error) {
    if (!(error instanceof SecretsApiError)) throw error;
    return { type: "failed", failure: describeFailure(error) };
  }
}

/**
 * The ids of the secrets of exactly this name.
 *
 * @returns why there are none to be had: `impossible` (not permitted to the key, the search refused,
 * more than are read), or `failed`, this time
 */
export async function listNamed(
  name: string,
  upstream: Upstream,
): Promise<readonly string[] | "impossible" | "failed"> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIST_TIMEOUT_MS);
  try {
    const ids: string[] = [];
    let listed = 0;
    for await (const secret of listSecrets({ ...upstream, search: name, signal: limit.signal })) {
      if (secret.name === name) ids.push(secret.secret_id);
      listed += 1;
      if (listed > MAX_LISTED) return "impossible";
    }
    return ids;
  } catch (error) {
    if (!(error instanceof SecretsApiError)) throw error;
    const isRefused = error.code === "permission_missing" || error.code === "rejected";
    return isRefused ? "impossible" : "failed";
  } finally {
    clearTimeout(timer);
  }
}

function describeFailure(error: SecretsApiError): UpstreamFailure {
  const { code, outcome, status, retryAfterMs, requestId, issues } = error;
  return { code, outcome, status, retryAfterMs, requestId, issues };
}
