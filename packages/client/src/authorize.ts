import { HEADERS, isJwt } from "@convai-secrets/protocol";
import { Webhook } from "standardwebhooks";
import type { Sender } from "./sender-options.ts";

/** Marks a failure to get an OIDC token, whatever the reason. */
export class IdTokenUnavailable extends Error {}

/**
 * The headers that identify the sender and the delivery.
 *
 * @param request its id is required to sign; without an id, the Worker derives one
 * @param now the time of this attempt: each attempt is signed with its own
 * @throws {IdTokenUnavailable}
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export async function authorize(
  { credential, secrets }: Sender,
  request: { readonly id?: string | undefined; readonly body: string },
  now: Date,
): Promise<Record<string, string>> {
  const { id, body } = request;
  if (credential.signingSecret !== undefined) {
    const signedId = id ?? `msg_${crypto.randomUUID()}`;
    return {
      [HEADERS.webhookId]: signedId,
      [HEADERS.webhookTimestamp]: String(Math.floor(now.getTime() / 1000)),
      [HEADERS.webhookSignature]: new Webhook(credential.signingSecret).sign(signedId, now, body),
    };
  }
  const token = credential.token ?? (await readIdToken(credential.idToken));
  secrets.add(token);
  return {
    authorization: `Bearer ${token}`,
    ...(id === undefined ? {} : { [HEADERS.idempotencyKey]: quote(id) }),
  };
}

async function readIdToken(source: string | (() => string | Promise<string>)): Promise<string> {
  let token: unknown;
  try {
    token = typeof source === "function" ? await source() : source;
  } catch {
    // The reason is the caller's own, and may contain the token.
  }
  if (typeof token !== "string" || !isJwt(token)) throw new IdTokenUnavailable();
  return token;
}

/** A structured-field string (RFC 9651, section 3.3.3), as the draft requires. */
function quote(id: string): string {
  return `"${id.replace(/["\\]/g, "\\$&")}"`;
}
