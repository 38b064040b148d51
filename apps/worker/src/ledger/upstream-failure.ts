import type { RequestOptions, SecretsApiError } from "@convai-secrets/core";
import type { UpstreamFailure } from "./delivery-outcome.ts";

/** Where the upstream is, and with which key it is called. */
export type UpstreamAddress = Required<Pick<RequestOptions, "apiKey" | "baseUrl">>;

/** An error of core as plain data. */
export function describeFailure(error: SecretsApiError): UpstreamFailure {
  const { code, outcome, status, retryAfterMs, requestId, upstreamCode, issues, handlerEnded } =
    error;
  return { code, outcome, status, retryAfterMs, requestId, upstreamCode, issues, handlerEnded };
}
