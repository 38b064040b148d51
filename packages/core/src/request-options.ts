import * as v from "valibot";
import { BaseUrlSchema, DEFAULT_BASE_URL } from "./base-url.ts";
import { type Deadline, startDeadline } from "./deadline.ts";

/** What every call of the API takes. */
export interface RequestOptions {
  /** The workspace's `xi-api-key`, or a function that gives it (a Secrets Store binding, a vault). */
  readonly apiKey: string | (() => string | Promise<string>);
  /** Default {@link DEFAULT_BASE_URL}; `https` unless its host is loopback. */
  readonly baseUrl?: string | undefined;
  /** Time limit of the call in milliseconds, from getting the key to reading the answer. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** Default `globalThis.fetch`. Must heed the `signal` in its second argument. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** The longest delay of setTimeout: a longer one would pass at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** A call's address and time limit, checked. */
export interface Call {
  readonly url: string;
  readonly deadline: Deadline;
}

/**
 * Checks the options of a call, starts its clock, and stops it when the call is over.
 *
 * @throws {TypeError} if `baseUrl` or `timeoutMs` breaks a rule: a mistake of the program
 */
export async function runCall<Result>(
  options: RequestOptions,
  run: (call: Call) => Promise<Result>,
): Promise<Result> {
  const baseUrl = v.safeParse(BaseUrlSchema, options.baseUrl ?? DEFAULT_BASE_URL);
  if (!baseUrl.success) throw new TypeError(`baseUrl ${baseUrl.issues[0].message}`);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) {
    throw new TypeError(`timeoutMs must be a whole number from 1 to ${MAX_TIMEOUT_MS}`);
  }
  const deadline = startDeadline(timeoutMs, options.signal);
  try {
    return await run({ url: `${baseUrl.output}/v1/convai/secrets`, deadline });
  } finally {
    deadline.clear();
  }
}
