import ky from "ky";
import type { CreateSecretRequest } from "./create-secret-request.ts";
import type { Call, RequestOptions } from "./request-options.ts";
import { SecretsApiError } from "./secrets-api-error.ts";

/** What differs between one call and another. */
export interface CallContent {
  readonly method: "GET" | "POST";
  readonly searchParams?: Record<string, string>;
  readonly json?: CreateSecretRequest;
}

/** A response, and what was sent to get it that must not come out of it again. */
export interface Answer {
  readonly response: Response;
  readonly sent: readonly string[];
}

/** The characters of an HTTP header value without white space (RFC 9110, section 5.5). */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Sends one request and gives its answer, whatever the status. One request is one request: no
 * retries, and no redirects, since `xi-api-key` would travel along.
 *
 * @throws {SecretsApiError} `api_key_unavailable`, `failed`, `timed_out` or `aborted`
 */
export async function send(
  call: Call,
  options: RequestOptions,
  content: CallContent,
): Promise<Answer> {
  const { fetch = globalThis.fetch } = options;
  const { signal } = call.deadline;
  const apiKey = await readApiKey(options.apiKey, call);
  const { json, ...rest } = content;
  const headers = { "xi-api-key": apiKey, accept: "application/json" };
  try {
    const response = await ky(call.url, {
      ...rest,
      headers: json === undefined ? headers : { ...headers, "content-type": "application/json" },
      redirect: "manual",
      retry: 0,
      throwHttpErrors: false,
      timeout: false,
      // A signal that only ky's request follows is lost on Node once that request is collected
      // (nodejs/undici#4068): the time limit would not cover the body.
      // Nor is the body given to ky, which would make a stream of it and cancel that at the end.
      fetch: (request, init) =>
        fetch(request, { ...init, signal, ...(json && { body: JSON.stringify(json) }) }),
    });
    return { response, sent: json === undefined ? [apiKey] : [apiKey, json.value] };
  } catch {
    // ky's errors hold the request with its headers and body: none of it may go on.
    throw interruption(call, content.method === "GET" ? "not_created" : "unknown");
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

async function readApiKey(apiKey: RequestOptions["apiKey"], call: Call): Promise<string> {
  const { deadline } = call;
  let key: unknown;
  try {
    deadline.signal.throwIfAborted();
    key = typeof apiKey === "function" ? await deadline.race(apiKey()) : apiKey;
  } catch {
    // The reason is the key store's and may quote anything.
  }
  if (deadline.signal.aborted) throw interruption(call, "not_created");
  // The pattern alone would take `undefined`, a store's "no such key", for a word.
  if (typeof key === "string" && VISIBLE_ASCII.test(key)) return key;
  throw new SecretsApiError("api_key_unavailable", { outcome: "not_created" });
}
