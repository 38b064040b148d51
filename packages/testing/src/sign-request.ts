import { HEADERS } from "@convai-secrets/protocol";
import { Webhook } from "standardwebhooks";

/** What to sign. */
export interface SignedContent {
  /** The `webhook-id`. */
  readonly id: string;
  /** The body as it is sent. */
  readonly body: string;
  /** Default: now. */
  readonly at?: Date;
}

/**
 * Signs a request with the library of Standard Webhooks.
 *
 * @param signingSecret `whsec_…`
 * @returns the three headers
 */
export function signRequest(
  signingSecret: string,
  { id, body, at = new Date() }: SignedContent,
): Record<string, string> {
  return {
    [HEADERS.webhookId]: id,
    [HEADERS.webhookTimestamp]: String(Math.floor(at.getTime() / 1000)),
    [HEADERS.webhookSignature]: new Webhook(signingSecret).sign(id, at, body),
  };
}
