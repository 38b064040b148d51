import { env } from "cloudflare:workers";
import fc from "fast-check";
import worker from "../../src/index.js";
import { assertConforms } from "../support/conforms.js";
import { WEBHOOK } from "./worker.js";

/** A property test's time limit. */
export const FUZZ_TIMEOUT_MS = 120_000;

const UNLIMITED = { ...env, RATE_LIMITER: undefined } as unknown as Env;

/** Sends anything, and holds the answer against the document: no other status, no other member. */
export async function sendAnything(init: RequestInit, url = WEBHOOK): Promise<Response> {
  const request = new Request(url, init);
  const response = await worker.fetch(request, UNLIMITED);
  await assertConforms(request.method, url, response);
  return response;
}

/** Checks a property of so many cases; a failure prints its seed and the smallest case. */
export function check<Case>(
  cases: number,
  arbitrary: fc.Arbitrary<Case>,
  property: (value: Case) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(arbitrary, property), { numRuns: cases });
}

/** Whether a text can be a header's value. */
export function isHeaderValue(text: string): boolean {
  try {
    new Headers({ x: text });
    return /^[\x20-\x7e]*$/.test(text);
  } catch {
    return false;
  }
}
