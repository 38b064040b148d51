import { authenticate, unauthenticated } from "./authenticate.js";
import { checkName } from "./check-name.js";
import type { Context } from "./context.js";
import { readCredentials } from "./credentials.js";
import { deliver } from "./deliver.js";
import { readDeliveryId } from "./delivery-id.js";
import { limitRate } from "./limit-rate.js";
import { parseSecret } from "./parse-secret.js";
import { readRequestBody } from "./read-request-body.js";
import { respond } from "./respond.js";

/**
 * `POST /v1/convai/secrets`, the whole flow:
 *
 * 1. read: credentials from the headers (without any, not a byte of the body), then the raw bytes
 * 2. authenticate: which sender signed those bytes, or whose token it is; count it
 * 3. parse: JSON of the right shape, a name the sender may store, the delivery's id
 * 4. deliver: forward it with the bound key
 * 5. respond: upstream's answer, or a problem document
 *
 * @throws {Problem} of any step
 */
export async function createSecret(request: Request, context: Context): Promise<Response> {
  const { env, configuration, entry } = context;

  const credentials = readCredentials(request.headers);
  if (credentials === undefined) throw unauthenticated();
  const body = await readRequestBody(request);

  const sender = await authenticate(credentials, body, configuration.senders, Date.now());
  entry.sender = sender.id;
  await limitRate(env.RATE_LIMITER, sender.id);

  const secret = parseSecret(request.headers, body);
  checkName(secret.name, sender.names);
  entry.name = secret.name;
  readDeliveryId(credentials, request.headers);

  const delivered = await deliver(secret, configuration);

  entry.outcome = delivered.kind;
  return respond(delivered);
}
