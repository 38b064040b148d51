import { containsSecret } from "@convai-secrets/core/internal";
import { DELIVERY_ID_PATTERN, DELIVERY_ID_RULE, HEADERS } from "@convai-secrets/protocol";
import type { Authenticated } from "../auth/authenticator.ts";
import { Problem } from "../problem.ts";

/**
 * Reads the delivery's id: `webhook-id` if the request is signed, else `Idempotency-Key`.
 *
 * @param value the secret's value, which the id must not contain
 * @returns `undefined` if the sender sent no id; the ledger then derives one from the content
 * @throws {Problem} `invalid_idempotency_key`
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export function readDeliveryId(
  { sender, deliveryId, credential }: Authenticated,
  headers: Headers,
  value: string,
): string | undefined {
  const [header, id] =
    deliveryId === undefined
      ? ["Idempotency-Key", parseItem(headers.get(HEADERS.idempotencyKey))]
      : [HEADERS.webhookId, deliveryId];
  if (id === null) return undefined;
  checkDeliveryId(header, id);
  // The ledger stores and lists the id.
  const credentials = credential === undefined ? [] : [credential];
  if (containsSecret(id, [value, ...credentials, ...sender.signingSecrets])) {
    throw invalid(`${header} must not contain the value or the sender's credential`);
  }
  return id;
}

/**
 * Checks the format of a delivery's id.
 *
 * @param header the header that the id comes from, for the problem's detail
 * @throws {Problem} `invalid_idempotency_key`
 */
export function checkDeliveryId(header: string, id: string): void {
  if (!DELIVERY_ID_PATTERN.test(id)) throw invalid(`${header} ${DELIVERY_ID_RULE}`);
}

function invalid(detail: string): Problem {
  return new Problem("invalid_idempotency_key", detail);
}

const STRING = /^"((?:[^"\\]|\\["\\])*)"/;
const PARAMETERS =
  /^(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|[\w!#$%&'*+./:^`|~?@-]+))?)*$/;

/**
 * The draft defines the header as a structured-field string, which may have parameters (RFC 9651,
 * section 3.3.3). A header without quotation marks is the id itself.
 *
 * @returns an empty text, which is not an id, if the header starts as a string and is malformed
 */
function parseItem(header: string | null): string | null {
  if (!header?.startsWith('"')) return header;
  const [quoted = "", content = ""] = STRING.exec(header) ?? [];
  if (!PARAMETERS.test(header.slice(quoted.length))) return "";
  return content.replace(/\\(.)/g, "$1");
}

/**
 * What the log calls a delivery: the first 64 bits of the SHA-256 of its id. The id itself is the
 * sender's text, so the log does not contain it.
 */
export async function hashDeliveryId(id: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  return new Uint8Array(digest, 0, 8).toHex();
}
