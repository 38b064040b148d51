import { env } from "cloudflare:workers";
import { SCALE, SEED } from "@convai-secrets/testing/seed";
import fc from "fast-check";
import worker from "../../src/index.ts";
import { WEBHOOK } from "./worker.ts";

/** A property test's time limit. */
export const FUZZ_TIMEOUT_MS = 60_000 * SCALE;

const UNLIMITED = { ...env, RATE_LIMITER: undefined } as unknown as Env;

/** Sends anything, without a rate limit; setup.ts checks the answer against the OpenAPI document. */
export async function sendAnything(init: RequestInit, url = WEBHOOK): Promise<Response> {
  return worker.fetch(new Request(url, init), UNLIMITED);
}

/**
 * Checks a property with this number of cases, times SCALE. A failure prints the smallest case.
 *
 * @param examples cases that are too rare to be drawn in every run
 */
export function check<Case>(
  cases: number,
  arbitrary: fc.Arbitrary<Case>,
  property: (value: Case) => Promise<void>,
  examples: readonly Case[] = [],
): Promise<void> {
  return fc.assert(fc.asyncProperty(arbitrary, property), {
    numRuns: cases * SCALE,
    seed: SEED,
    examples: examples.map((example) => [example]),
  });
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
