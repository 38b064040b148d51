import { digestToken } from "@convai-secrets/protocol";
import type { Credentials, Signed } from "./credentials.ts";
import { Problem } from "./problem.ts";
import type { AuthenticSender } from "./sender-keys.ts";

/** Standard Webhooks' usual tolerance, either way. */
const TOLERANCE_SECONDS = 300;

/** Every 401 has one (RFC 9110, section 15.5.2). */
const CHALLENGE = { "www-authenticate": 'Bearer realm="convai-secrets"' };

/**
 * Tells which sender a request comes from.
 *
 * Every credential of every sender is tried, whichever matches, and every failure is the same, so
 * that neither the answer nor its time tells more. Only a right signature earns the more helpful
 * `stale_timestamp`.
 *
 * @param now the time in milliseconds since the epoch
 * @throws {Problem} `unauthenticated` or `stale_timestamp`
 */
export async function authenticate(
  credentials: Credentials | undefined,
  body: Uint8Array,
  senders: readonly AuthenticSender[],
  now: number,
): Promise<AuthenticSender> {
  if (credentials === undefined) throw unauthenticated();
  const sender =
    credentials.kind === "signed"
      ? await findSigner(credentials, body, senders)
      : await findTokenHolder(credentials.token, senders);
  if (sender === undefined) throw unauthenticated();
  if (credentials.kind === "signed" && isStale(credentials.timestamp, now)) {
    const detail = `webhook-timestamp must be within ${TOLERANCE_SECONDS} seconds of now; sign again`;
    throw new Problem("stale_timestamp", detail, {
      headers: CHALLENGE,
      outcome: "not_created",
      retryable: true,
    });
  }
  return sender;
}

/** The one answer to a request that is not authenticated, whatever the reason. */
export function unauthenticated(): Problem {
  const detail = "The request needs a valid Standard Webhooks signature or a valid sender token";
  return new Problem("unauthenticated", detail, {
    headers: CHALLENGE,
    outcome: "not_created",
    retryable: false,
  });
}

/**
 * The body is hashed once per configured secret, however many signatures the header holds:
 * `subtle.verify` would hash it for each of them.
 */
async function findSigner(
  signed: Signed,
  body: Uint8Array,
  senders: readonly AuthenticSender[],
): Promise<AuthenticSender | undefined> {
  const content = concatenate(new TextEncoder().encode(`${signed.id}.${signed.timestamp}.`), body);
  let signer: AuthenticSender | undefined;
  for (const sender of senders) {
    for (const key of sender.signingKeys) {
      const mac = await crypto.subtle.sign("HMAC", key, content);
      if (isAmong(mac, signed.signatures)) signer = sender;
    }
  }
  return signer;
}

async function findTokenHolder(
  token: string,
  senders: readonly AuthenticSender[],
): Promise<AuthenticSender | undefined> {
  const digest = await digestToken(token);
  let holder: AuthenticSender | undefined;
  for (const sender of senders) {
    if (isAmong(digest, sender.tokenDigests)) holder = sender;
  }
  return holder;
}

/** Constant in time for values of one length; those given here all have the length of a SHA-256. */
function isAmong(expected: ArrayBuffer | Uint8Array, given: readonly Uint8Array[]): boolean {
  let found = false;
  for (const bytes of given) {
    if (crypto.subtle.timingSafeEqual(expected, bytes)) found = true;
  }
  return found;
}

function isStale(timestamp: string, now: number): boolean {
  return Math.abs(Math.floor(now / 1000) - Number(timestamp)) > TOLERANCE_SECONDS;
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
