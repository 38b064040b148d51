import ky from "ky";
import type { Call, RequestOptions } from "./request-options.js";
import { SecretsApiError } from "./secrets-api-error.js";

/** What differs between one call and another. */
export interface CallContent {
  readonly method: "GET" | "POST";
  readonly searchParams?: Record<string, string>;
  readonly json?: unknown;
}

/** The characters of an HTTP header value without white space (RFC 9110, section 5.5). */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Sends one request and gives its response, whatever the status. One request is one request: no
 * retries, and no redirects, since `xi-api-key` would travel along.
 *
 * @throws {SecretsApiError} `api_key_unavailable`, `failed`, `timed_out` or `aborted`
 */
export async function send(
  call: Call,
  options: RequestOptions,
  content: CallContent,
): Promise<Response> {
  const apiKey = await readApiKey(options.apiKey);
  if (call.deadline.signal.aborted) throw interruption(call, "not_created");
  try {
    return await ky(call.url, {
      ...content,
      headers: { "xi-api-key": apiKey, accept: "application/json" },
      redirect: "manual",
      retry: 0,
      signal: call.deadline.signal,
      throwHttpErrors: false,
      timeout: false,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    });
  } catch {
    // ky's errors hold the request with its headers and body: none of it may go on.
    throw interruption(call, "unknown");
  }
}

/** Why a call that gave no complete answer ended. */
export function interruption(
  call: Call,
  outcome: SecretsApiError["outcome"],
  status?: number,
): SecretsApiError {
  if (!call.deadline.signal.aborted) return new SecretsApiError("failed", { outcome, status });
  return new SecretsApiError(call.deadline.hasPassed() ? "timed_out" : "aborted", {
    outcome,
    status,
  });
}

async function readApiKey(apiKey: RequestOptions["apiKey"]): Promise<string> {
  try {
    const key = typeof apiKey === "function" ? await apiKey() : apiKey;
    if (VISIBLE_ASCII.test(key)) return key;
  } catch {
    // The reason is the key store's and may quote anything.
  }
  throw new SecretsApiError("api_key_unavailable", { outcome: "not_created" });
}
