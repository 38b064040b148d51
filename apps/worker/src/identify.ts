import { authenticate, unauthenticated } from "./authenticate.ts";
import type { Context } from "./context.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { limitRate } from "./limit-rate.ts";
import { readRequestBody } from "./read-request-body.ts";
import type { AuthenticSender } from "./sender-keys.ts";

/** A request whose sender is known. */
export interface IdentifiedRequest {
  readonly sender: AuthenticSender;
  readonly credentials: Credentials;
  readonly body: Uint8Array;
}

/**
 * Reads a request, tells its sender, and counts it against the sender's limit. Of a request without
 * well-formed credentials not a byte of the body is read.
 *
 * @throws {Problem} `unauthenticated`, `stale_timestamp`, `payload_too_large`, `malformed_body` or
 * `rate_limited`
 */
export async function identify(
  request: Request,
  { env, configuration, entry }: Context,
): Promise<IdentifiedRequest> {
  const credentials = readCredentials(request.headers);
  if (credentials === undefined) throw unauthenticated();
  const body = await readRequestBody(request);
  const sender = await authenticate(credentials, body, configuration.senders, Date.now());
  entry.sender = sender.id;
  await limitRate(env.RATE_LIMITER, sender.id);
  return { sender, credentials, body };
}
