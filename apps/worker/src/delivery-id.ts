import { holdsSecret } from "@convai-secrets/core";
import type { Credentials } from "./credentials.ts";
import { Problem } from "./problem.ts";

/** 1 to 255 visible ASCII characters but the dot, which separates what Standard Webhooks signs. */
export const DELIVERY_ID = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;

/**
 * The delivery's id: `webhook-id` when signed, else `Idempotency-Key`, quoted or not.
 *
 * @returns `undefined` if the sender gave none: the ledger then derives one from the content
 * @throws {Problem} `invalid_idempotency_key`
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export function readDeliveryId(
  credentials: Credentials,
  headers: Headers,
  value: string,
): string | undefined {
  const isSigned = credentials.kind === "signed";
  const [header, id] = isSigned
    ? ["webhook-id", credentials.id]
    : ["Idempotency-Key", unquote(headers.get("idempotency-key"))];
  if (id === null) return undefined;
  if (!DELIVERY_ID.test(id)) {
    throw malformed(`${header} must be 1 to 255 visible ASCII characters without a dot`);
  }
  // The ledger keeps it as it is, and lists it.
  const secrets = isSigned ? [value] : [value, credentials.token];
  if (holdsSecret(id, secrets)) throw malformed(`${header} must not hold the value or the token`);
  return id;
}

function malformed(detail: string): Problem {
  return new Problem("invalid_idempotency_key", detail, {
    outcome: "not_created",
    retryable: false,
  });
}

/** The draft makes the key a structured-field string (RFC 9651, section 3.3.3). */
function unquote(header: string | null): string | null {
  if (!header?.startsWith('"')) return header;
  const content = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  return content?.replace(/\\(.)/g, "$1") ?? "";
}

/** What the log calls a delivery: 64 bits of its id's SHA-256, since the id is the sender's text. */
export async function hashDeliveryId(id: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  return new Uint8Array(digest, 0, 8).toHex();
}
