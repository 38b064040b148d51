import * as v from "valibot";
import { BaseUrlSchema, DEFAULT_BASE_URL } from "./base-url.ts";
import { type Deadline, MAX_TIMEOUT_MS, startDeadline } from "./deadline.ts";
import type { Operation } from "./operation.ts";

/** The options of every operation. */
export interface RequestOptions {
  /**
   * The workspace's API key (`xi-api-key`), or a function that returns it, sync or async. The
   * function is called once per request, so the key can be rotated.
   */
  readonly apiKey: string | (() => string | Promise<string>);
  /** Default {@link DEFAULT_BASE_URL}. Must be `https` unless the host is loopback. */
  readonly baseUrl?: string | undefined;
  /**
   * Time limit of one request in milliseconds, from reading the API key to the last byte of the
   * response. Default 10,000.
   */
  readonly timeoutMs?: number | undefined;
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Default `globalThis.fetch`. Headers, body and `signal` are in its second argument, and it must
   * follow the signal.
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** One request: its operation, host and time limit, checked. */
export interface Call {
  readonly operation: Operation;
  readonly baseUrl: string;
  readonly deadline: Deadline;
}

/**
 * Checks the options of a request, starts its time limit, and ends it when the request is over.
 *
 * @throws {TypeError} if `baseUrl` or `timeoutMs` breaks its rule
 */
export async function runCall<Result>(
  operation: Operation,
  options: RequestOptions,
  run: (call: Call) => Promise<Result>,
): Promise<Result> {
  const baseUrl = parseBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) {
    throw new TypeError(`timeoutMs must be an integer from 1 to ${MAX_TIMEOUT_MS}`);
  }
  const deadline = startDeadline(timeoutMs, options.signal);
  try {
    return await run({ operation, baseUrl, deadline });
  } finally {
    deadline.clear();
  }
}

/** A program calls one host, and parsing its URL costs as much as validating the whole request. */
let last: { readonly input: string; readonly output: string } | undefined;

function parseBaseUrl(input: string): string {
  if (input === last?.input) return last.output;
  const result = v.safeParse(BaseUrlSchema, input);
  if (!result.success) throw new TypeError(`baseUrl ${result.issues[0].message}`);
  last = { input, output: result.output };
  return result.output;
}
