import { logUnlimited } from "./log.ts";
import { Problem } from "./problem.ts";

/** The period of the rate limit in wrangler.jsonc: the binding does not tell when to come again. */
export const RATE_LIMIT_PERIOD_SECONDS = 10;

/**
 * Counts a request of a sender against its limit. Without the binding nothing is limited.
 *
 * @throws {Problem} `rate_limited`
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function limitRate(limiter: RateLimit | undefined, senderId: string): Promise<void> {
  if (limiter === undefined) return logUnlimited();
  const { success } = await limiter.limit({ key: senderId });
  if (success) return;
  throw new Problem("rate_limited", "This sender has sent too many requests", {
    outcome: "not_created",
    retryable: true,
    retryAfterSeconds: RATE_LIMIT_PERIOD_SECONDS,
  });
}
