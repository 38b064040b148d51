import { decodeBase64, TOKEN_PATTERN } from "@convai-secrets/protocol";

/** The signature headers of Standard Webhooks 1.0. */
export interface Signed {
  readonly kind: "signed";
  readonly id: string;
  /** Seconds since the epoch, as it was sent: these characters were signed. */
  readonly timestamp: string;
  readonly signatures: readonly Uint8Array[];
}

/** A bearer token. */
interface Token {
  readonly kind: "token";
  readonly token: string;
}

/** What a request says of who sends it. */
export type Credentials = Signed | Token;

const SIGNATURE_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;

/** Each is compared with a MAC by every configured secret. */
const MAX_SIGNATURES = 8;
const SHA256_BYTES = 32;

/**
 * Reads a request's credentials from its headers.
 *
 * A request with any of the signature headers is judged by them alone: a bad signature is never
 * rescued by a token. A repeated header arrives joined by a comma, which no form here allows.
 *
 * @returns `undefined` if there are none, or they are malformed
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function readCredentials(headers: Headers): Credentials | undefined {
  return SIGNATURE_HEADERS.some((name) => headers.has(name))
    ? readSigned(headers)
    : readToken(headers);
}

function readSigned(headers: Headers): Signed | undefined {
  const [id, timestamp, signature] = SIGNATURE_HEADERS.map((name) => headers.get(name));
  if (!id || !timestamp || !signature) return undefined;
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) return undefined;
  const signatures = readSignatures(signature);
  return signatures && { kind: "signed", id, timestamp, signatures };
}

/**
 * Signatures are separated by spaces, each a version, a comma and its base64. Other versions than
 * `v1` are passed over; anything malformed, repeated or too many refuses them all.
 */
function readSignatures(header: string): Uint8Array[] | undefined {
  const entries = header.split(" ");
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

function readToken(headers: Headers): Token | undefined {
  const authorization = headers.get("authorization");
  const apiKey = headers.get("xi-api-key");
  const bearer = authorization === null ? apiKey : readBearer(authorization);
  const token = apiKey ?? bearer;
  if (token === null || token !== bearer || !TOKEN_PATTERN.test(token)) return undefined;
  return { kind: "token", token };
}

/** RFC 6750, section 2.1. */
function readBearer(authorization: string): string | null {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? null;
}
