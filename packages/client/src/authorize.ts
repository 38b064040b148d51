import { Webhook } from "standardwebhooks";
import type { SenderCredential } from "./sender-options.ts";

/**
 * The headers that say who sends a request and which delivery it is.
 *
 * @param id required to sign; beside a token it is optional, and the Worker then derives one
 * @param now the time of this attempt: each is signed afresh
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export function authorize(
  { senderKey, token }: SenderCredential,
  request: { readonly id: string | undefined; readonly body: string },
  now: Date,
): Record<string, string> {
  const { id, body } = request;
  if (senderKey === undefined) {
    return {
      authorization: `Bearer ${token}`,
      ...(id === undefined ? {} : { "idempotency-key": quote(id) }),
    };
  }
  const signedId = id ?? `msg_${crypto.randomUUID()}`;
  return {
    "webhook-id": signedId,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(senderKey).sign(signedId, now, body),
  };
}

/** A structured-field string (RFC 9651, section 3.3.3), as the draft has it. */
function quote(id: string): string {
  return `"${id.replace(/["\\]/g, "\\$&")}"`;
}
