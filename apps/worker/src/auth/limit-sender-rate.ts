import { RATE_LIMIT_PERIOD_SECONDS } from "@convai-secrets/protocol";
import { logUnlimited } from "../log.ts";
import { Problem } from "../problem.ts";

/**
 * Counts a request against the rate limit of its sender. Without the binding, there is no limit.
 *
 * @throws {Problem} `rate_limited`
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function limitSenderRate(
  limiter: RateLimit | undefined,
  senderId: string,
): Promise<void> {
  if (limiter === undefined) return logUnlimited();
  const { success } = await limiter.limit({ key: senderId });
  if (success) return;
  throw new Problem("rate_limited", "This sender has sent too many requests", {
    retryAfterSeconds: RATE_LIMIT_PERIOD_SECONDS,
  });
}
