import type { ProblemCode } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";
import { AddressLimiter } from "./address-limiter.ts";
import { readClientAddress } from "./client-address.ts";

/** What a client address may do while its request is not authenticated. */
export interface AddressGuard {
  /**
   * Call before the body of an unauthenticated request is read.
   *
   * @throws {Problem} `rate_limited` if the address failed too often
   */
  checkBeforeBody(): void;
  /** Counts a failed authentication, and returns what to throw. */
  countFailure(error: unknown): unknown;
}

/** Of all requests of this isolate. */
const limiter = new AddressLimiter();

/** Failures that do not come from a wrong credential. */
const NOT_COUNTED: readonly ProblemCode[] = ["stale_timestamp", "issuer_unavailable"];

/**
 * Guards against addresses that fail repeatedly.
 *
 * Such an address gets 429 before its body is read. Tokens and JWTs are still checked, because that
 * is cheap and needs no body: a sender with a valid one is not affected by others behind the same
 * address. A signed request covers its body, so it has to wait.
 *
 * @param now the time in milliseconds since the epoch
 */
export function guardAddress(headers: Headers, now: number): AddressGuard {
  const address = readClientAddress(headers);
  const waitMs = address === undefined ? 0 : limiter.getWaitMs(address, now);
  return {
    checkBeforeBody() {
      if (waitMs > 0) throw tooManyFailures(waitMs);
    },
    countFailure(error) {
      if (!(error instanceof Problem) || NOT_COUNTED.includes(error.code)) return error;
      if (waitMs > 0) return tooManyFailures(waitMs);
      if (address !== undefined) limiter.recordFailure(address, now);
      return error;
    },
  };
}

function tooManyFailures(waitMs: number): Problem {
  return new Problem("rate_limited", "Too many failed requests from this address", {
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });
}
