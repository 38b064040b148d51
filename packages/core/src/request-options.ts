import * as v from "valibot";
import { BaseUrlSchema, DEFAULT_BASE_URL } from "./base-url.js";

/** What every call of the API takes. */
export interface RequestOptions {
  /** The workspace's `xi-api-key`, or a function that gives it (a Secrets Store binding, a vault). */
  readonly apiKey: string | (() => string | Promise<string>);
  /** Default {@link DEFAULT_BASE_URL}; `https` unless its host is loopback. */
  readonly baseUrl?: string | undefined;
  /** Time limit of the call in milliseconds, reading the answer included. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** A call's address and limits, checked. */
export interface PreparedCall {
  readonly url: string;
  readonly limit: AbortSignal;
  readonly signal: AbortSignal;
}

/**
 * Checks the options of a call and starts its clock.
 *
 * @throws {TypeError} if `baseUrl` or `timeoutMs` breaks a rule: a mistake of the program
 */
export function prepareCall(options: RequestOptions): PreparedCall {
  const baseUrl = v.safeParse(BaseUrlSchema, options.baseUrl ?? DEFAULT_BASE_URL);
  if (!baseUrl.success) throw new TypeError(`baseUrl ${baseUrl.issues[0].message}`);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) {
    throw new TypeError("timeoutMs must be a positive integer");
  }
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  return { url: `${baseUrl.output}/v1/convai/secrets`, limit, signal };
}
