import ky from "ky";
import { API_KEY_PATTERN } from "./api-key.ts";
import { classifyConnectionFailure } from "./connection-failure.ts";
import { operationUrl } from "./operation.ts";
import type { Outcome } from "./outcome.ts";
import type { Call, RequestOptions } from "./request-options.ts";
import { SecretsApiError } from "./secrets-api-error.ts";

/** The body of a write. */
export interface SecretBody {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

/** What differs between requests of one operation. */
export interface CallContent {
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly searchParams?: Record<string, string>;
  readonly json?: SecretBody;
}

/** A response, and what was sent to get it that must not be taken from it. */
export interface Answer {
  readonly response: Response;
  readonly sent: readonly string[];
}

/**
 * Sends one request and returns its response, whatever the status. It makes no retries, and follows
 * no redirects, because `xi-api-key` would be sent along.
 *
 * @throws {SecretsApiError} `api_key_unavailable`, `unreachable`, `failed`, `timed_out` or `aborted`
 */
export async function send(
  call: Call,
  options: RequestOptions,
  { json, pathParameters, searchParams }: CallContent,
): Promise<Answer> {
  const { fetch = globalThis.fetch } = options;
  const { operation, baseUrl, deadline } = call;
  const { signal } = deadline;
  const apiKey = await readApiKey(options.apiKey, call);
  const headers = {
    "xi-api-key": apiKey,
    accept: "application/json",
    ...(json && { "content-type": "application/json" }),
  };
  try {
    const response = await ky(operationUrl(baseUrl, operation, pathParameters), {
      method: operation.method,
      ...(searchParams && { searchParams }),
      redirect: "manual",
      retry: 0,
      throwHttpErrors: false,
      timeout: false,
      // On Node, a signal that only ky's request refers to is lost when that request is collected
      // (nodejs/undici#4068). The time limit would then not cover the response's body.
      // ky gets neither the body, which it would turn into a stream, nor the headers, which it would
      // merge twice. So its errors hold no secret.
      fetch: (request, init) =>
        fetch(request, { ...init, signal, headers, ...(json && { body: JSON.stringify(json) }) }),
    });
    return { response, sent: json === undefined ? [apiKey] : [apiKey, json.value] };
  } catch (error) {
    // A custom `fetch` can throw anything, so no error is passed on.
    if (!signal.aborted && classifyConnectionFailure(error) !== undefined) {
      throw new SecretsApiError("unreachable", { outcome: "not_applied" });
    }
    throw describeInterruption(call, failedOutcome(call));
  }
}

/** The outcome of a call whose response says nothing about it. */
export function failedOutcome({ operation }: Call): Outcome {
  return operation.effect === "read" ? "not_applied" : "unknown";
}

/** Why a call that got no complete response ended. */
export function describeInterruption(
  { deadline }: Call,
  outcome: Outcome,
  status?: number,
): SecretsApiError {
  if (!deadline.signal.aborted) return new SecretsApiError("failed", { outcome, status });
  const code = deadline.hasPassed() ? "timed_out" : "aborted";
  return new SecretsApiError(code, { outcome, status });
}

async function readApiKey(apiKey: RequestOptions["apiKey"], call: Call): Promise<string> {
  const { deadline } = call;
  let key: unknown;
  try {
    deadline.signal.throwIfAborted();
    key = typeof apiKey === "function" ? await deadline.race(apiKey()) : apiKey;
  } catch {
    // The error comes from the key's store and can quote anything.
  }
  if (deadline.signal.aborted) throw describeInterruption(call, "not_applied");
  // The pattern alone would accept `undefined`, which a store returns if it has no such key.
  if (typeof key === "string" && API_KEY_PATTERN.test(key)) return key;
  throw new SecretsApiError("api_key_unavailable", { outcome: "not_applied" });
}
