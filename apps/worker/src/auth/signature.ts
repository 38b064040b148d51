import {
  decodeBase64,
  HEADERS,
  MAX_SIGNATURES,
  TIMESTAMP_TOLERANCE_SECONDS,
} from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";
import { checkDeliveryId } from "../request/delivery-id.ts";
import type { AuthenticSender } from "./authentic-sender.ts";
import type { Authenticator } from "./authenticator.ts";
import { CHALLENGE } from "./challenge.ts";
import { isAmong } from "./is-among.ts";

const SIGNATURE_HEADERS = [
  HEADERS.webhookId,
  HEADERS.webhookTimestamp,
  HEADERS.webhookSignature,
] as const;

const SHA256_BYTES = 32;

/** The signature headers, parsed. */
interface SignatureHeaders {
  readonly id: string;
  /** Seconds since the epoch, with the characters that were signed. */
  readonly timestamp: string;
  readonly signatures: readonly Uint8Array[];
}

/**
 * Standard Webhooks 1.0, version `v1` (HMAC-SHA-256).
 *
 * A request with any of the signature headers is decided by them alone: a token does not make up
 * for a wrong signature.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signatureAuthenticator: Authenticator = {
  method: "signature",

  applies: (headers) => SIGNATURE_HEADERS.some((name) => headers.has(name)),

  async authenticate({ headers, senders, now, readBody }) {
    const signed = parseSignatureHeaders(headers);
    if (signed === undefined) return undefined;
    // Before any MAC: a signature must not be usable for a text that no sender means as an id.
    checkDeliveryId(HEADERS.webhookId, signed.id);
    const sender = await findSigner(signed, await readBody(), senders);
    if (sender === undefined) return undefined;
    if (isStale(signed.timestamp, now)) throw staleTimestamp();
    return { sender, deliveryId: signed.id };
  },
};

/**
 * Parses the three headers.
 *
 * @returns `undefined` if a header is missing or malformed. A repeated header arrives joined by a
 * comma, which none of the formats allows.
 */
function parseSignatureHeaders(headers: Headers): SignatureHeaders | undefined {
  const [id, timestamp, signature] = SIGNATURE_HEADERS.map((name) => headers.get(name));
  if (!id || !timestamp || !signature) return undefined;
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) return undefined;
  const signatures = parseSignatures(signature);
  return signatures && { id, timestamp, signatures };
}

/**
 * Signatures are separated by spaces; each is a version, a comma and its base64. Versions other than
 * `v1` are ignored. A malformed or duplicate signature, or too many, make the header invalid.
 */
function parseSignatures(header: string): Uint8Array[] | undefined {
  const entries = header.split(" ").filter((entry) => entry !== "");
  if (entries.length > MAX_SIGNATURES || new Set(entries).size < entries.length) return undefined;
  const signatures: Uint8Array[] = [];
  for (const entry of entries) {
    const [, version, encoded] = /^(v\d+[a-z]*),([\w+/=-]+)$/.exec(entry) ?? [];
    if (version === undefined || encoded === undefined) return undefined;
    if (version !== "v1") continue;
    const bytes = decodeBase64(encoded);
    if (bytes?.length !== SHA256_BYTES) return undefined;
    signatures.push(bytes);
  }
  return signatures.length > 0 ? signatures : undefined;
}

/**
 * Signs once per configured secret, however many signatures the header has. `subtle.verify` would
 * hash the body for each of them.
 */
async function findSigner(
  { id, timestamp, signatures }: SignatureHeaders,
  body: Uint8Array,
  senders: readonly AuthenticSender[],
): Promise<AuthenticSender | undefined> {
  const content = concatenate(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const signers = new Set<AuthenticSender>();
  for (const sender of senders) {
    for (const key of sender.signingKeys) {
      const mac = await crypto.subtle.sign("HMAC", key, content);
      if (isAmong(mac, signatures)) signers.add(sender);
    }
  }
  const [signer, ...others] = signers;
  return others.length > 0 ? undefined : signer;
}

function isStale(timestamp: string, now: number): boolean {
  return Math.abs(Math.floor(now / 1000) - Number(timestamp)) > TIMESTAMP_TOLERANCE_SECONDS;
}

function staleTimestamp(): Problem {
  return new Problem(
    "stale_timestamp",
    `webhook-timestamp must be within ${TIMESTAMP_TOLERANCE_SECONDS} seconds of now; sign again`,
    { headers: CHALLENGE },
  );
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
