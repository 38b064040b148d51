import { BaseUrlSchema } from "@convai-secrets/core";
import { MAX_TIMEOUT_MS } from "@convai-secrets/core/internal";
import { SigningSecretSchema, TokenSchema } from "@convai-secrets/protocol";
import * as v from "valibot";
import type { DeliveryErrorCode } from "./delivery-error.ts";
import { createSecretFilter, type SecretFilter } from "./secret-filter.ts";

/** How a sender authenticates: exactly one of the three. */
export type SenderCredential =
  | {
      /** `whsec_…`: signs each request and is never sent. */
      readonly signingSecret: string;
      readonly token?: undefined;
      readonly idToken?: undefined;
    }
  | {
      /** `cs_…`: sent as bearer token. */
      readonly token: string;
      readonly signingSecret?: undefined;
      readonly idToken?: undefined;
    }
  | {
      /**
       * An OIDC token (JWT) that the platform issued, sent as bearer token. A function is called
       * before each attempt, so that a token that expires or rotates stays valid.
       */
      readonly idToken: string | (() => string | Promise<string>);
      readonly signingSecret?: undefined;
      readonly token?: undefined;
    };

/** The options of every call. */
export type SenderOptions = SenderCredential & {
  /** The Worker's address, with an optional path prefix; `https` unless the host is loopback. */
  readonly url: string | URL;
  /** Aborts the call, also while it waits for its next attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Time limit of one attempt in milliseconds. Default 30,000; the Worker answers within 25 s. */
  readonly timeoutMs?: number | undefined;
  /** The most requests. Default 8: about 45 s, and longer if the Worker names a wait. */
  readonly maxAttempts?: number | undefined;
  /** Called after each failed attempt that another attempt follows. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
};

/** A failed attempt that another attempt follows. */
export interface Retry {
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** How long the call now waits, in milliseconds. */
  readonly delayMs: number;
  readonly code: DeliveryErrorCode;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 1_000;
const DEFAULT_ATTEMPTS = 8;

/** {@link SenderOptions}, validated. */
export interface Sender {
  readonly url: string;
  readonly credential: SenderCredential;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly onRetry: ((retry: Retry) => void) | undefined;
  /** Knows the credential, and whatever else a call adds. */
  readonly secrets: SecretFilter;
}

/**
 * Validates the options of a call.
 *
 * @throws {TypeError} that names the option and its rule, never the input
 */
export function readSenderOptions(options: SenderOptions): Sender {
  const url = parseOption("url", BaseUrlSchema, String(options.url));
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxAttempts = DEFAULT_ATTEMPTS } = options;
  checkWholeNumber("timeoutMs", timeoutMs, MAX_TIMEOUT_MS);
  checkWholeNumber("maxAttempts", maxAttempts, MAX_ATTEMPTS);
  const credential = readCredential(options);
  return {
    url,
    credential,
    fetch: options.fetch ?? globalThis.fetch,
    signal: options.signal,
    timeoutMs,
    maxAttempts,
    onRetry: options.onRetry,
    secrets: createSecretFilter([credential.signingSecret, credential.token]),
  };
}

function readCredential({ signingSecret, token, idToken }: SenderCredential): SenderCredential {
  const given = [signingSecret, token, idToken].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new TypeError("exactly one of signingSecret, token and idToken is required");
  }
  if (signingSecret !== undefined) {
    return { signingSecret: parseOption("signingSecret", SigningSecretSchema, signingSecret) };
  }
  if (token !== undefined) {
    return { token: parseOption("token", TokenSchema, token) };
  }
  if (typeof idToken === "string" || typeof idToken === "function") return { idToken };
  throw new TypeError("idToken must be a string or a function");
}

/** @throws {TypeError} */
function parseOption(
  option: string,
  schema: v.GenericSchema<string, string>,
  input: string,
): string {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new TypeError(`${option} ${result.issues[0].message}`);
}

/** @throws {TypeError} */
export function checkWholeNumber(option: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new TypeError(`${option} must be a whole number from 1 to ${max}`);
}
