import { BaseUrlSchema } from "@convai-secrets/core";
import { decodeSigningSecret, TOKEN_PATTERN } from "@convai-secrets/protocol";
import * as v from "valibot";
import type { DeliveryErrorCode } from "./delivery-error.ts";

/** Who sends: a signing secret or a token, never both. */
export type SenderCredential =
  | {
      /** `whsec_…`: requests are signed, and the credential itself is never sent. Preferred. */
      readonly senderKey: string;
      readonly token?: undefined;
    }
  | {
      /** `cs_…`: sent as a bearer token. */
      readonly token: string;
      readonly senderKey?: undefined;
    };

/** What every call of the Worker takes. */
export type SenderOptions = SenderCredential & {
  /** The Worker's address, a path prefix allowed; `https` unless its host is loopback. */
  readonly url: string | URL;
  /** Ends the call, also while it waits for its next attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Time limit of one attempt in milliseconds. Default 30,000: the Worker answers within 25 s. */
  readonly timeoutMs?: number | undefined;
  /** How many requests at most. Default 8, which lasts about 45 s, and longer where the Worker names a wait. */
  readonly maxAttempts?: number | undefined;
  /** Told of each failed attempt that is followed by another: for progress. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
};

/** A failed attempt that is followed by another. */
export interface Retry {
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** How long the call now waits, in milliseconds. */
  readonly delayMs: number;
  readonly code: DeliveryErrorCode;
}

/** The longest delay of setTimeout: a longer one would pass at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 1_000;
const DEFAULT_ATTEMPTS = 8;

/** {@link SenderOptions}, checked. */
export interface Sender {
  readonly url: string;
  readonly credential: SenderCredential;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly onRetry: ((retry: Retry) => void) | undefined;
}

/**
 * Checks the options of a call.
 *
 * @throws {TypeError} that names the option and its rule, never what was given
 */
export function readSenderOptions(options: SenderOptions): Sender {
  const url = v.safeParse(BaseUrlSchema, String(options.url));
  if (!url.success) throw new TypeError(`url ${url.issues[0].message}`);
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxAttempts = DEFAULT_ATTEMPTS } = options;
  checkWholeNumber("timeoutMs", timeoutMs, MAX_TIMEOUT_MS);
  checkWholeNumber("maxAttempts", maxAttempts, MAX_ATTEMPTS);
  return {
    url: url.output,
    credential: readCredential(options),
    fetch: options.fetch ?? globalThis.fetch,
    signal: options.signal,
    timeoutMs,
    maxAttempts,
    onRetry: options.onRetry,
  };
}

function readCredential({ senderKey, token }: SenderCredential): SenderCredential {
  if (senderKey !== undefined && token === undefined) {
    if (typeof senderKey === "string" && decodeSigningSecret(senderKey) !== undefined) {
      return { senderKey };
    }
    throw new TypeError("senderKey must be whsec_ and the base64 of 24 to 64 bytes");
  }
  if (token !== undefined && senderKey === undefined) {
    if (typeof token === "string" && TOKEN_PATTERN.test(token)) return { token };
    throw new TypeError("token must be cs_ and 43 characters of base64url");
  }
  throw new TypeError("exactly one of senderKey and token must be given");
}

/** @throws {TypeError} */
export function checkWholeNumber(option: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new TypeError(`${option} must be a whole number from 1 to ${max}`);
}
